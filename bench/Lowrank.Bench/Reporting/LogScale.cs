using System.Globalization;

namespace Lowrank.Bench;

/// <summary>A logarithmic axis: where a value lies between two ends of a picture, and which values are marked.</summary>
/// <param name="Least">The least value; above 0.</param>
/// <param name="Most">The greatest.</param>
/// <param name="From">Where the least lies.</param>
/// <param name="To">Where the greatest lies.</param>
sealed record LogScale(double Least, double Most, double From, double To)
{
    /// <summary>An axis with some room around the values.</summary>
    public static LogScale Around(IReadOnlyCollection<double> values, double from, double to) =>
        new(values.Min() / 1.25, values.Max() * 1.25, from, to);

    public double At(double value) => From + (To - From) * Math.Log(value / Least) / Math.Log(Most / Least);

    /// <summary>Round values in it, the least first: as many of a decade as the scale has room for.</summary>
    public IReadOnlyList<double> Marks
    {
        get
        {
            int[] digits = Math.Log10(Most / Least) switch
            {
                < 0.7 => [1, 2, 3, 4, 5, 6, 7, 8, 9],
                < 2.3 => [1, 2, 5],
                _ => [1],
            };
            int first = (int)Math.Floor(Math.Log10(Least)), last = (int)Math.Ceiling(Math.Log10(Most));
            return
            [
                .. Enumerable.Range(first, last - first + 1)
                    .SelectMany(decade => digits.Select(digit => double.Parse($"{digit}e{decade}", CultureInfo.InvariantCulture)))
                    .Where(mark => mark >= Least && mark <= Most),
            ];
        }
    }
}
