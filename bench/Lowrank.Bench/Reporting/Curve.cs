using System.Text.Json.Serialization;

namespace Lowrank.Bench;

/// <summary>How a time grows, measured and by theory.</summary>
/// <param name="Name">Part of the chart's file name.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Axis">What grows, and in which unit.</param>
/// <param name="Theory">What the theory is made of.</param>
/// <param name="Points">Points, the smallest first.</param>
sealed record Curve(string Name, string Title, string Axis, string Theory, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Adds the theory: seconds of the smallest that the work does not explain stay, and the work grows.</summary>
    /// <param name="measured">What grows, and seconds.</param>
    /// <param name="work">Seconds of the work alone at each point.</param>
    /// <param name="overhead">How much that rest is a multiple of the smallest's; null means it stays.</param>
    public static IReadOnlyList<CurvePoint> WithTheory(
        IReadOnlyList<(double At, double Seconds)> measured, Func<double, double> work, Func<double, double>? overhead = null)
    {
        var (first, seconds) = measured[0];
        double rest = Math.Max(0, seconds - work(first));
        return [.. measured.Select(m => new CurvePoint(m.At, m.Seconds, rest * (overhead?.Invoke(m.At) ?? 1) + work(m.At)))];
    }

    /// <summary>Its points as rows.</summary>
    [JsonIgnore]
    public IEnumerable<Row> Rows =>
        from point in Points
        let at = FormattableString.Invariant($"{Axis} {point.At:#,0}")
        select new Row(Section.Scaling, Title, at) { Seconds = point.Seconds, Peer = "theory", PeerSeconds = point.Theory };
}

/// <summary>A point of a curve.</summary>
/// <param name="At">What grows.</param>
/// <param name="Seconds">Measured.</param>
/// <param name="Theory">Seconds by theory.</param>
sealed record CurvePoint(double At, double Seconds, double Theory);
