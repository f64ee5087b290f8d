using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>What differs between two models beside the layers that an extraction looks at.</summary>
static class LayersNotExtracted
{
    // By what a change is taken up.
    readonly record struct Left(string Path, string Advice, double Energy);

    /// <summary>A sentence for each kind of change that is left out, with what takes it up.</summary>
    /// <param name="from">The base.</param>
    /// <param name="to">The tuned model.</param>
    /// <param name="targets">The layers that are looked at.</param>
    /// <param name="request">The request.</param>
    public static IEnumerable<string> Notes(ModelOutline from, ModelOutline to, IReadOnlyList<Target> targets, ExtractingRequest request)
    {
        var looked = targets.Select(target => target.Path).ToHashSet();
        var left = new List<Left>();
        foreach (var component in from.Describe().Components)
            foreach (var (target, _) in component.Targets)
            {
                bool isLooked = looked.Contains(target.Path) && (request.Whole || target.Kind != LayerKind.Norm);
                if (!isLooked && Difference(from, to, target, "weight") is > 0 and var weight)
                    left.Add(new(target.Path, AdviceFor(target, component, request), weight));
                bool keepsBias = isLooked && request.Whole;
                if (!keepsBias && Difference(from, to, target, "bias") is > 0 and var bias)
                    left.Add(new($"{target.Path}.bias", AdviceFor(component, request, "`whole` holds biases"), bias));
            }
        foreach (var kind in left.GroupBy(one => one.Advice))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{kind.Count()} weights outside of the chosen layers changed too (norm {Math.Sqrt(kind.Sum(one => one.Energy)):g3}), " +
                $"such as {kind.First().Path}, and are left out: {kind.Key}.");
    }

    static string AdviceFor(Target target, ModelComponent component, ExtractingRequest request) => target.Kind switch
    {
        LayerKind.Embedding => "no adapter holds embeddings of a model",
        LayerKind.Norm => AdviceFor(component, request, "`whole` holds norms"),
        _ => AdviceFor(component, request, "`layers` all takes them"),
    };

    static string AdviceFor(ModelComponent component, ExtractingRequest request, string otherwise) =>
        request.UnetOnly && component.Role != ComponentRole.Denoiser ? "without `unet only` text encoders are looked at" : otherwise;

    // The square of the norm of what is different; 0 where either has none.
    static double Difference(ModelOutline from, ModelOutline to, Target target, string part)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (from.Weight(target, part) is not { } before || to.Weight(target, part) is not { } after) return 0;
        if (!before.shape.AsSpan().SequenceEqual(after.shape)) return 0;
        var difference = after.to(ScalarType.Float32) - before.to(ScalarType.Float32);
        return difference.square().sum(ScalarType.Float64).ToDouble();
    }
}
