"""What contact sheets and reports share: papers, PDF files, and how a window makes a document."""
