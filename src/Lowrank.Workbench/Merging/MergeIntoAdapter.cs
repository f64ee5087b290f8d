using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Merges adapters into one adapter.</summary>
static class MergeIntoAdapter
{
    public static MergingReport Run(MergingRequest request, JobRun run)
    {
        var device = Devices.Named(request.Device);
        var combination = Combination.Named(request.Method ?? Combination.Concatenated.Name);
        string[] paths = [.. request.Adapters.Select(adapter => adapter.Path)];
        var output = new AdapterOutput(request.Output, request.Dialect, request.Dtype, request.Overwrite)
        {
            OptionalLevels = request.OptionalLevels,
        }.For(paths);
        output.Check([.. paths, .. request.Base.Places]);
        using var model = request.Base.Open(paths);
        using var read = new AdapterInputs(paths, model, request.Base.AllowUnmatched, device);
        var options = request.Combining with
        {
            Rank = request.Rank is { } rank ? RankChoice.Fixed(rank, request.ConvRank) : request.Combining.Rank,
            Weights = model.HasWeights ? ComputeDevice.Weights(model, device) : null,
        };
        var stage = run.Begin("combining", read.Targets);
        using var combined = AdapterCombination.Combine(
            [.. request.Adapters.Zip(read.All, (adapter, input) => new WeightedAdapter(input.Adapter, adapter.Strength))],
            combination, options, output.Name, new Reported<ReworkedTarget>(_ => stage.Count()));
        string[] told = [.. request.Adapters.Select(adapter => adapter.Describe())];
        string comment = $"merged from {string.Join(", ", told)} ({combination.Name})";
        var metadata = Shared(read.All.Select(input => input.Adapter.Metadata));
        if (ModelKinds.Has(model.Family))
            foreach (var (key, value) in NetworkMetadata.Of(model.Describe().Family, combined.Adapter, comment)) metadata[key] = value;
        var written = output.Write(combined.Adapter, model, DtypeOf(read.All), metadata);
        stage.Done();
        bool isMixed = combination.Space == CombinationSpace.Factors;
        return new("adapter", combination.Name, told, output.Path, combined.Targets.Count,
            ReworkReport.RanksOf(combined), isMixed ? null : ReworkReport.ErrorOf(combined), written.Bytes,
            [
                .. TrainedBases.OfSum(read.Placed), .. MergeChoice.Remarks(request.Adapters), .. Mixed(combination, combined),
                .. request.Base.Unused(model, read.PassedOver.Count > 0),
                .. read.NotesFor(request.Dtype), .. written.Notes,
                .. DroppedDropouts.Notes(read.All.Select(input => input.Adapter), written.Path),
            ])
        {
            PassedOver = read.PassedOver,
        };
    }

    // Mixing factors multiplies one adapter's up with another's down.
    static IEnumerable<string> Mixed(Combination combination, ReworkedAdapter combined)
    {
        if (combination.Space != CombinationSpace.Factors || ReworkReport.ErrorOf(combined) is not { } error || error < 1e-4) yield break;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{combination.Name} mixes factors, as PEFT does: the change is not the weighted sum of the adapters' changes, but off it by " +
            $"{error:0.0 %} of its norm. cat is that sum exactly, svd nearly.");
    }

    // What all of them tell alike, but for what is of one training.
    static Dictionary<string, string> Shared(IEnumerable<IReadOnlyDictionary<string, string>> all)
    {
        string[] ofTraining = ["ss_", "modelspec.", "sshs_", "ot_"];
        IEnumerable<KeyValuePair<string, string>>? common = null;
        foreach (var metadata in all) common = common?.Intersect(metadata) ?? metadata;
        return common!.Where(pair => !ofTraining.Any(start => pair.Key.StartsWith(start, StringComparison.Ordinal))).ToDictionary();
    }

    // That of the inputs, where they agree.
    static ScalarType DtypeOf(IReadOnlyList<AdapterInput> inputs) =>
        inputs.Select(input => input.Dtype).Distinct().ToList() is [var one] ? one : ScalarType.Float32;
}
