"""Exercises on one or a few integers."""

import math

from benchmarks.classroom.exercise import exercise
from benchmarks.classroom.inputs import among, either, mapped, whole

natural = either(whole(0, 9, 9_999), whole(0, 99, 99_999), whole(0, 999, 999_999))
positive = whole(1, 60, 999)
year = either(
    whole(1583, 2400), mapped(lambda n: 4 * n, whole(396, 600)), among(range(1600, 2500, 100))
)


@exercise(n=natural)
def digit_sum(n: int) -> int:
    """Return the sum of the decimal digits: ``digit_sum(472) == 13``."""
    return sum(map(int, str(n)))


@exercise(n=natural)
def number_of_digits(n: int) -> int:
    """Return the number of decimal digits: ``number_of_digits(472) == 3``."""
    return len(str(n))


@exercise(n=natural)
def reverse_digits(n: int) -> int:
    """Return the number with its digits reversed: ``reverse_digits(470) == 74``."""
    return int(str(n)[::-1])


@exercise(n=natural)
def largest_digit(n: int) -> int:
    """Return the largest decimal digit: ``largest_digit(472) == 7``."""
    return max(map(int, str(n)))


@exercise(n=whole(1, 999, 99_999))
def digit_product(n: int) -> int:
    """Return the product of the decimal digits: ``digit_product(472) == 56``."""
    return math.prod(map(int, str(n)))


@exercise(n=natural)
def digital_root(n: int) -> int:
    """Add up the digits until one is left: ``digital_root(9_875) == 2``."""
    while n > 9:
        n = sum(map(int, str(n)))
    return n


@exercise(n=natural)
def even_digits(n: int) -> int:
    """Count the even digits: ``even_digits(4_072) == 3``."""
    return sum(int(digit) % 2 == 0 for digit in str(n))


@exercise(n=natural)
def digits(n: int) -> list[int]:
    """Return the decimal digits from the left: ``digits(472) == [4, 7, 2]``."""
    return list(map(int, str(n)))


@exercise(
    n=either(
        whole(10, 999, 99_999), mapped(lambda n: int(f"{n}{str(n)[-2::-1]}"), whole(10, 99, 999))
    )
)
def is_palindromic_number(n: int) -> bool:
    """Tell whether a number reads the same backwards: ``is_palindromic_number(272) is True``."""
    return str(n) == str(n)[::-1]


@exercise(a=whole(1, 60, 999), b=whole(1, 60, 999))
def greatest_common_divisor(a: int, b: int) -> int:
    """Return the greatest common divisor: ``greatest_common_divisor(12, 18) == 6``."""
    return math.gcd(a, b)


@exercise(a=whole(1, 20, 200), b=whole(1, 20, 200))
def least_common_multiple(a: int, b: int) -> int:
    """Return the least common multiple: ``least_common_multiple(4, 6) == 12``."""
    return math.lcm(a, b)


@exercise(n=whole(0, 7, 15))
def factorial(n: int) -> int:
    """Return the product of the numbers from 1 to n: ``factorial(4) == 24``."""
    return math.prod(range(1, n + 1))


@exercise(base=whole(0, 9), exponent=whole(0, 5, 12))
def power(base: int, exponent: int) -> int:
    """Multiply a number by itself: ``power(3, 4) == 81``."""
    return math.prod([base] * exponent)


@exercise(n=whole(0, 15, 60))
def fibonacci(n: int) -> int:
    """Return a Fibonacci number, counted from 0: ``fibonacci(7) == 13``."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


@exercise(n=whole(0, 30, 300))
def sum_of_squares(n: int) -> int:
    """Return the sum of the squares from 1 to n: ``sum_of_squares(3) == 14``."""
    return sum(k * k for k in range(1, n + 1))


@exercise(n=positive)
def multiples_of_three_or_five(n: int) -> int:
    """Add all multiples of 3 or 5 below n: ``multiples_of_three_or_five(10) == 23``."""
    return sum(k for k in range(n) if k % 3 == 0 or k % 5 == 0)


@exercise(n=positive)
def is_prime(n: int) -> bool:
    """Tell whether a number is prime: ``is_prime(7) is True``."""
    return n > 1 and all(n % k for k in range(2, math.isqrt(n) + 1))


@exercise(n=either(whole(1, 40, 9_999), among((6, 28), (496, 8_128))))
def is_perfect(n: int) -> bool:
    """Tell whether a number is the sum of its proper divisors: ``is_perfect(6) is True``."""
    return n == sum(k for k in range(1, n) if n % k == 0)


@exercise(n=positive)
def number_of_divisors(n: int) -> int:
    """Count the divisors: ``number_of_divisors(12) == 6``."""
    return sum(n % k == 0 for k in range(1, n + 1))


@exercise(n=positive)
def divisors(n: int) -> list[int]:
    """Return the divisors in ascending order: ``divisors(12) == [1, 2, 3, 4, 6, 12]``."""
    return [k for k in range(1, n + 1) if n % k == 0]


@exercise(n=whole(2, 60, 999))
def prime_factors(n: int) -> list[int]:
    """Return the prime factors in ascending order: ``prime_factors(12) == [2, 2, 3]``."""
    found, factor = [], 2
    while n > 1:
        while n % factor == 0:
            found.append(factor)
            n //= factor
        factor += 1
    return found


@exercise(n=whole(1, 40, 300))
def primes_up_to(n: int) -> list[int]:
    """Return the primes up to n: ``primes_up_to(10) == [2, 3, 5, 7]``."""
    return [p for p in range(2, n + 1) if all(p % k for k in range(2, p))]


@exercise(n=whole(1, 30, 300))
def collatz_steps(n: int) -> int:
    """Count the steps of Collatz's rule from n to 1: ``collatz_steps(6) == 8``."""
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@exercise(n=whole(1, 30, 300))
def collatz_sequence(n: int) -> list[int]:
    """Return the numbers of Collatz's rule: ``collatz_sequence(5) == [5, 16, 8, 4, 2, 1]``."""
    passed = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        passed.append(n)
    return passed


@exercise(n=whole(0, 200, 9_999))
def integer_square_root(n: int) -> int:
    """Return the square root, rounded down: ``integer_square_root(17) == 4``."""
    return math.isqrt(n)


@exercise(n=either(whole(0, 200, 9_999), mapped(lambda n: n * n, whole(0, 14, 99))))
def is_square(n: int) -> bool:
    """Tell whether a number is a square: ``is_square(49) is True``."""
    return math.isqrt(n) ** 2 == n


@exercise(year=year)
def is_leap_year(year: int) -> bool:
    """Tell whether a year has 366 days: ``is_leap_year(1900) is False``."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@exercise(year=year, month=either(whole(1, 12), whole(1, 3)))
def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month: ``days_in_month(2024, 2) == 29``."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]


@exercise(today=whole(0, 6), days=whole(0, 30, 999))
def weekday_after(today: int, days: int) -> int:
    """Return the weekday, 0 to 6, after some days: ``weekday_after(5, 10) == 1``."""
    return (today + days) % 7


@exercise(celsius=whole(-40, 60, 400))
def fahrenheit(celsius: int) -> int:
    """Convert a temperature, rounded down: ``fahrenheit(21) == 69``."""
    return celsius * 9 // 5 + 32


@exercise(a=whole(-50, 50, 5_000), b=whole(-50, 50, 5_000))
def distance(a: int, b: int) -> int:
    """Return how far two numbers are apart: ``distance(-2, 5) == 7``."""
    return abs(a - b)


@exercise(a=whole(0, 20, 200), b=whole(0, 20, 200), c=whole(0, 20, 200))
def middle_of_three(a: int, b: int, c: int) -> int:
    """Return the middle one of three numbers: ``middle_of_three(7, 1, 4) == 4``."""
    return sorted((a, b, c))[1]


@exercise(a=whole(1, 12, 90), b=whole(1, 12, 90), c=whole(1, 12, 90))
def is_triangle(a: int, b: int, c: int) -> bool:
    """Tell whether a triangle has these sides: ``is_triangle(3, 4, 9) is False``."""
    return a + b > c and b + c > a and c + a > b


@exercise(n=whole(0, 60, 999), k=whole(1, 9))
def round_up(n: int, k: int) -> int:
    """Return the next multiple of k: ``round_up(17, 5) == 20``."""
    return -(-n // k) * k


@exercise(amount=whole(0, 99, 999))
def fewest_coins(amount: int) -> int:
    """Count the coins of 50, 20, 10, 5, 2 and 1 that make an amount: ``fewest_coins(68) == 5``."""
    count = 0
    for coin in (50, 20, 10, 5, 2, 1):
        count += amount // coin
        amount %= coin
    return count


@exercise(age=either(whole(0, 20), whole(0, 100)))
def ticket_price(age: int) -> int:
    """Return the price by age: below 6, below 18, from 65 on: ``ticket_price(70) == 6``."""
    if age < 6:
        return 0
    if age < 18:
        return 5
    return 6 if age >= 65 else 10


@exercise(n=whole(0, 12, 60))
def countdown(n: int) -> list[int]:
    """Count down to 1: ``countdown(4) == [4, 3, 2, 1]``."""
    return list(range(n, 0, -1))


@exercise(n=whole(1, 12, 30), k=whole(0, 6, 20))
def times_table(n: int, k: int) -> list[int]:
    """Return the first k multiples of n: ``times_table(7, 3) == [7, 14, 21]``."""
    return [n * i for i in range(1, k + 1)]


@exercise(n=whole(0, 8, 25))
def pascal_row(n: int) -> list[int]:
    """Return a row of Pascal's triangle: ``pascal_row(4) == [1, 4, 6, 4, 1]``."""
    return [math.comb(n, k) for k in range(n + 1)]


@exercise(a=whole(0, 99, 9_999), b=whole(1, 9, 99))
def divide(a: int, b: int) -> tuple[int, int]:
    """Return quotient and remainder: ``divide(17, 5) == (3, 2)``."""
    return a // b, a % b
