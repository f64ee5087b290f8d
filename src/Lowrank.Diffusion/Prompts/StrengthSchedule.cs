using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>A strength that changes on the way, as <c>1,0.5@10,0@0.8</c>: 1 from the first step on, 0.5 from the tenth, 0 from four fifths
/// on.</summary>
/// <remarks>
/// A place with a point is a share of the steps, one without a step counted from 1; so AUTOMATIC1111 reads places in prompts that change.
/// </remarks>
public sealed class StrengthSchedule : IEquatable<StrengthSchedule>
{
    readonly record struct Point(double Strength, double Place, bool IsShare)
    {
        // The step, from 0, at which it begins.
        public int StepOf(int steps) => IsShare ? (int)(Place * steps) : (int)Place - 1;

        public override string ToString()
        {
            string place = Place.ToString(IsShare ? "0.0####" : "0", CultureInfo.InvariantCulture);
            return $"{PlainValue.Text(Strength)}@{place}";
        }
    }

    readonly IReadOnlyList<Point> points;

    StrengthSchedule(IReadOnlyList<Point> points, string text) => (this.points, Text) = (points, text);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The strength in the first step.</summary>
    public double First => points[0].Strength;

    /// <summary>Reads one of several strengths; null for anything else, a number alone too.</summary>
    public static StrengthSchedule? Read(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length < 2 || Number(parts[0]) is not { } first) return null;
        var points = new List<Point> { new(first, 0, IsShare: true) };
        foreach (string part in parts.Skip(1))
        {
            if (part.Split('@') is not [var value, var place] || Number(value) is not { } strength) return null;
            if (PlaceOf(place) is not var (at, isShare)) return null;
            points.Add(new(strength, at, isShare));
        }
        return new(points, text);
    }

    /// <summary>The strength in a step, from 0, of so many. Where several places fall on one step, the last written holds.</summary>
    public double At(int step, int steps)
    {
        var holding = points.Where(point => point.StepOf(steps) <= step).ToList();
        int latest = holding.Max(point => point.StepOf(steps));
        return holding.Last(point => point.StepOf(steps) == latest).Strength;
    }

    /// <summary>The steps, from 0, at which the strength may become another.</summary>
    public IEnumerable<int> Turns(int steps) => points.Skip(1).Select(point => point.StepOf(steps)).Where(step => step < steps);

    /// <summary>What of it no run of so many steps comes to, as it is written: "0.5@10" in 8 steps.</summary>
    /// <param name="runs">Steps of each run.</param>
    public IEnumerable<string> Unreached(IReadOnlyCollection<int> runs) =>
        points.Where(point => runs.All(steps => point.StepOf(steps) >= steps)).Select(point => point.ToString());

    static (double Place, bool IsShare)? PlaceOf(string text)
    {
        if (Number(text) is not { } place) return null;
        bool isShare = text.Contains('.', StringComparison.Ordinal);
        bool isIn = isShare ? place is >= 0 and <= 1 : place >= 1 && place == Math.Floor(place);
        return isIn ? (place, isShare) : null;
    }

    static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value : null;

    /// <inheritdoc/>
    public bool Equals(StrengthSchedule? other) => other?.Text == Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StrengthSchedule);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
