using Lowrank.Adapters;

namespace Lowrank.Cli;

/// <summary>What <c>lowrank verify</c> found.</summary>
/// <param name="A">One adapter.</param>
/// <param name="B">The other.</param>
/// <param name="Base">The base model, or the published shape.</param>
/// <param name="Equal">Whether no target differs by more than the tolerance.</param>
/// <param name="Tolerance">The largest allowed difference, as a share of the change at its target.</param>
/// <param name="Largest">The largest difference, as such a share.</param>
/// <param name="LargestAt">Where it is; null where nothing is adapted.</param>
/// <param name="OnlyA">Targets that A alone adapts.</param>
/// <param name="OnlyB">Targets that B alone adapts.</param>
/// <param name="Targets">Every target, the most different first.</param>
/// <param name="Notes">What the user should know.</param>
sealed record VerifyReport(
    string A, string B, string Base, bool Equal, double Tolerance, double Largest, string? LargestAt, int OnlyA, int OnlyB, IReadOnlyList<ComparedTarget> Targets, IReadOnlyList<string> Notes)
{
    /// <summary>Compares two files.</summary>
    public static VerifyReport Of(string a, string b, BaseRequest request, double tolerance, ProgressBars bars, CancellationToken cancel)
    {
        if (tolerance is not >= 0) throw new UsageException($"--tolerance is {tolerance}; it must be 0 or more.");
        using var model = request.Open(a, b);
        using var one = AdapterInput.Read(a, model, request.AllowUnmatched);
        using var other = AdapterInput.Read(b, model, request.AllowUnmatched);
        var bar = bars.Add("comparing", one.Adapter.Targets.Keys.Union(other.Adapter.Targets.Keys).Count());
        int done = 0;
        var compared = AdapterComparison.Compare(one.Adapter, other.Adapter, model.Describe(), model.Weight, new Reported<ComparedTarget>(target =>
        {
            cancel.ThrowIfCancellationRequested();
            bar.Report(++done, target.Path);
        })).OrderByDescending(target => target.Relative).ToList();
        bar.Done();
        double largest = compared.Count == 0 ? 0 : compared[0].Relative;
        return new(a, b, model.Location, largest <= tolerance, tolerance, largest, compared.Count == 0 ? null : compared[0].Path,
            compared.Count(t => t.MethodB is null), compared.Count(t => t.MethodA is null), compared, [.. one.Adapter.Notes, .. other.Adapter.Notes]);
    }
}
