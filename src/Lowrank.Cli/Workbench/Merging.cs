using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>Carries out <c>lowrank merge</c>.</summary>
static class Merging
{
    /// <summary>Adapters into a base model.</summary>
    public static MergeReport IntoModel(
        BaseRequest request, IReadOnlyList<MergeArgument> arguments, string output, TensorDtype? dtype, bool overwrite, ProgressBars bars, CancellationToken cancel)
    {
        using var model = request.Open([.. arguments.Select(a => a.Path)]);
        var read = new List<AdapterInput>();
        try
        {
            foreach (var argument in arguments) read.Add(AdapterInput.Read(argument.Path, model, request.AllowUnmatched));
            var merge = new WeightMerge(model.Describe(), [.. arguments.Zip(read, (a, r) => a.Term(r.Adapter, model.Family))], model.Weight);
            var options = Options(output, dtype, overwrite, arguments.Select(a => a.Path), bars);
            var written = ModelRewriting.Rewrite(model, output, new WeightEdit(merge.Touches, merge.Change), options, cancel);
            IEnumerable<string> notes = [.. read.SelectMany(r => r.Adapter.Notes), .. written.Notes];
            if (written.Changed < merge.Count) notes = notes.Append($"{merge.Count - written.Changed} of {merge.Count} weights that the adapters change are not in {model.Location}.");
            return new("base model", "adapters into a model", [model.Location, .. arguments.Select(Told)], output, written.Changed, null, null, written.Bytes, [.. notes]);
        }
        finally
        {
            read.ForEach(r => r.Dispose());
        }
    }

    /// <summary>Base models with each other: a weighted sum.</summary>
    public static MergeReport OfModels(
        BaseRequest request, IReadOnlyList<AdapterArgument> others, string output, TensorDtype? dtype, bool overwrite, ProgressBars bars, CancellationToken cancel)
    {
        var opened = new List<ModelOutline>();
        try
        {
            foreach (string path in others.Select(o => o.Path).Prepend(request.Path!)) opened.Add(ModelKinds.Outline(path, request.Options));
            var edit = ModelMixing.Weighted(opened[0], [.. opened.Skip(1).Zip(others, (model, other) => (model, other.Strength))]);
            string[] told = [Told(request.Path!, 1 - others.Sum(o => o.Strength)), .. others.Select(o => Told(o.Path, o.Strength))];
            return Mixed("weighted sum", told, opened[0], edit, Options(output, dtype, overwrite, others.Select(o => o.Path), bars), output, cancel);
        }
        finally
        {
            opened.ForEach(model => model.Dispose());
        }
    }

    /// <summary>Base models with each other: base + times·(plus − minus).</summary>
    public static MergeReport AddDifference(
        BaseRequest request, string plus, string minus, double times, string output, TensorDtype? dtype, bool overwrite, ProgressBars bars, CancellationToken cancel)
    {
        using var model = ModelKinds.Outline(request.Path!, request.Options);
        using var first = ModelKinds.Outline(plus, request.Options);
        using var second = ModelKinds.Outline(minus, request.Options);
        var edit = ModelMixing.AddDifference(model, first, second, times);
        return Mixed("add difference", [model.Location, Told(plus, times), Told(minus, -times)], model, edit, Options(output, dtype, overwrite, [plus, minus], bars), output, cancel);
    }

    /// <summary>Adapters into one adapter.</summary>
    public static MergeReport IntoAdapter(
        BaseRequest request, IReadOnlyList<MergeArgument> arguments, Combination combination, CombineOptions options, AdapterOutput output, ProgressBars bars, CancellationToken cancel)
    {
        output.Check(arguments.Select(a => a.Path));
        using var model = request.Open([.. arguments.Select(a => a.Path)]);
        var read = new List<AdapterInput>();
        try
        {
            foreach (var argument in arguments) read.Add(AdapterInput.Read(argument.Path, model, request.AllowUnmatched));
            int targets = read.SelectMany(r => r.Adapter.Targets.Keys).Distinct().Count(), done = 0;
            var bar = bars.Add("combining", targets);
            using var combined = AdapterCombination.Combine([.. arguments.Zip(read, (a, r) => new WeightedAdapter(r.Adapter, a.Strength))], combination,
                model.HasWeights ? options with { Weights = model.Weight } : options, Path.GetFileNameWithoutExtension(output.Path),
                new Reported<ReworkedTarget>(_ => { cancel.ThrowIfCancellationRequested(); bar.Report(++done); }));
            var metadata = NetworkMetadata.Of(model.Family, combined.Adapter, $"merged from {string.Join(", ", arguments.Select(Told))} ({combination.Name})");
            var written = output.Write(combined.Adapter, model, read.Select(r => r.Dtype).Distinct().ToList() is [var one] ? one : ScalarType.Float32, metadata);
            bar.Done();
            return new("adapter", combination.Name, [.. arguments.Select(Told)], output.Path, combined.Targets.Count, ReworkReport.RanksOf(combined), ReworkReport.ErrorOf(combined), written.Bytes,
                [.. read.SelectMany(r => r.Adapter.Notes)]);
        }
        finally
        {
            read.ForEach(r => r.Dispose());
        }
    }

    static MergeReport Mixed(string way, IReadOnlyList<string> inputs, ModelOutline model, WeightEdit edit, RewriteOptions options, string output, CancellationToken cancel)
    {
        var written = ModelRewriting.Rewrite(model, output, edit, options, cancel);
        return new("base model", way, inputs, output, written.Changed, null, null, written.Bytes, written.Notes);
    }

    static RewriteOptions Options(string output, TensorDtype? dtype, bool overwrite, IEnumerable<string> inputs, ProgressBars bars)
    {
        var bar = bars.Add("merging", 100);
        return new()
        {
            Dtype = dtype,
            Overwrite = overwrite,
            Inputs = [.. inputs],
            Metadata = new Dictionary<string, string> { ["modelspec.title"] = Path.GetFileNameWithoutExtension(output), ["modelspec.merged_from"] = string.Join(", ", inputs.Select(path => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)))) },
            Progress = (done, all) => bar.Report(100.0 * done / Math.Max(all, 1)),
        };
    }

    static string Told(MergeArgument argument) => Told(argument.Path, argument.Strength)
        + string.Concat(argument.Components.Select(c => string.Create(CultureInfo.InvariantCulture, $":{c.Key}={c.Value}")))
        + (argument.Blocks is { } blocks ? ":lbw=" + string.Join(',', blocks.Select(b => b.ToString(CultureInfo.InvariantCulture))) : "");

    static string Told(string path, double weight) => string.Create(CultureInfo.InvariantCulture, $"{path}:{Math.Round(weight, 10)}");
}
