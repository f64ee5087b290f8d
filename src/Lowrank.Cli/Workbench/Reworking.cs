using Lowrank.Adapters;
using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>Carries out <c>lowrank extract</c> and <c>lowrank resize</c>.</summary>
static class Reworking
{
    /// <summary>An adapter of the difference between two models.</summary>
    /// <param name="original">The base.</param>
    /// <param name="tunedPath">The tuned model.</param>
    /// <param name="choose">The layers that are looked at.</param>
    /// <param name="options">Ranks and the way to them.</param>
    /// <param name="rule">Ranks in words.</param>
    /// <param name="output">Where to.</param>
    /// <param name="bars">Progress.</param>
    /// <param name="cancel">Stops between two layers.</param>
    public static ReworkReport Extract(
        BaseRequest original, string tunedPath, Func<ModelOutline, IReadOnlyList<Target>> choose, ExtractOptions options, string rule, AdapterOutput output, ProgressBars bars, CancellationToken cancel)
    {
        output.Check(original.Path!, tunedPath);
        using var from = ModelKinds.Outline(original.Path!, original.Options);
        using var to = ModelKinds.Outline(tunedPath, original.Options);
        if (from.Family != to.Family)
            throw new LowrankException($"{original.Path} is a model of {FamilyGuess.Title(from.Family)}, and {tunedPath} of {FamilyGuess.Title(to.Family)}. An adapter is extracted from two models of one family.");
        var targets = choose(from);
        var bar = bars.Add("extracting", targets.Count);
        int done = 0;
        using var made = AdapterExtraction.Extract(targets, to.Weight, from.Weight, options, Path.GetFileNameWithoutExtension(output.Path),
            new Reported<ReworkedTarget>(target => { cancel.ThrowIfCancellationRequested(); bar.Report(++done, target.Target.Path); }));
        var metadata = NetworkMetadata.Of(from.Family, made.Adapter, $"extracted from {Path.GetFileNameWithoutExtension(tunedPath)} over {Path.GetFileNameWithoutExtension(original.Path)} ({rule})");
        var written = output.Write(made.Adapter, from, ScalarType.Float16, metadata);
        bar.Done();
        string[] notes = targets.Count > made.Targets.Count ? [$"{targets.Count - made.Targets.Count} of {targets.Count} layers did not change and were left out."] : [];
        return Report("extract", [from.Location, tunedPath], output, rule, made, written, notes);
    }

    /// <summary>An adapter of other ranks.</summary>
    public static ReworkReport Resize(BaseRequest request, string input, ResizeOptions options, string rule, AdapterOutput output, ProgressBars bars, CancellationToken cancel)
    {
        output.Check(input);
        using var model = request.Open(input);
        using var read = AdapterInput.Read(input, model, request.AllowUnmatched);
        var bar = bars.Add("resizing", read.Adapter.Targets.Count);
        int done = 0;
        using var made = AdapterResizing.Resize(read.Adapter, model.HasWeights ? options with { Weights = model.Weight } : options, Path.GetFileNameWithoutExtension(output.Path),
            new Reported<ReworkedTarget>(target => { cancel.ThrowIfCancellationRequested(); bar.Report(++done, target.Target.Path); }));
        var written = output.Write(made.Adapter, model, read.Dtype);
        bar.Done();
        return Report("resize", [input], output, rule, made, written, read.Adapter.Notes);
    }

    static ReworkReport Report(string way, IReadOnlyList<string> inputs, AdapterOutput output, string rule, ReworkedAdapter made, WrittenAdapter written, IReadOnlyList<string> notes) =>
        new(way, inputs, output.Path, rule, ReworkReport.RanksOf(made), ReworkReport.ErrorOf(made), written.Bytes, [.. made.Targets.Select(ReworkedLayer.Of)], notes);
}
