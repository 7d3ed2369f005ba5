"""The laws that the checks belong to, each in a sentence for whoever reads the status page."""

LAWS: dict[str, str] = {
    "I1": "Money is neither made nor lost",
    "I2": "Every transfer balances",
    "I3": "Every balance is the sum of its postings, and never below zero",
    "I4": "What is held back is what open orders may still cost",
    "I5": "Orders only go forward",
    "I6": "Open orders are those that their events leave open",
    "I7": "Every trade has two sides and is settled once",
    "I8": "Nobody trades at a worse price than their limit",
    "I9": "The best price trades first, and at one price whoever came first",
    "I10": "No book is crossed",
    "I11": "Nobody trades with themselves, and nothing trades while trading is stopped",
    "I12": "Nothing is missing in the record",
    "I13": "One order for each order id, one answer for each command",
    "I14": "Linked orders belong together",
    "I19": "What happened is published in its order and counted once",
    "I20": "Every price and quantity is on its grid",
    "I21": "One engine writes, and its successors only after it",
    "I22": "What staff do is written down",
    "I23": "Accounts are as their events left them",
    "I24": "Orders and switches end at their time",
}
