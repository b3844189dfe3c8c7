"""What leaves the program: tables of scores for people, spreadsheets and scripts."""
