namespace Lowrank.Adapters;

/// <summary>Makes an adapter of the difference between a tuned model and its base.</summary>
/// <remarks>
/// One layer's weights are in memory at a time. Sources: sd-scripts 48d368f, extract_lora_from_models.py; LyCORIS 4.1.3, extract_locon.py.
/// </remarks>
public static class AdapterExtraction
{
    /// <summary>The extracted adapter, with scale 1 everywhere.</summary>
    /// <param name="targets">What is looked at; norms count only where layers are held whole.</param>
    /// <param name="tuned">The tuned model's weights.</param>
    /// <param name="original">Its base's weights.</param>
    /// <param name="options">Ranks and the way to them.</param>
    /// <param name="name">The adapter's name.</param>
    /// <param name="progress">Told of each target that is written.</param>
    /// <exception cref="LowrankException">A model lacks a weight or has it in another shape, values
    /// are not finite, or the models do not differ.</exception>
    public static ReworkedAdapter Extract(
        IEnumerable<Target> targets, WeightSource tuned, WeightSource original, ExtractOptions options, string name = "extracted",
        IProgress<ReworkedTarget>? progress = null)
    {
        options.Check();
        var chosen = targets.Where(t => options.Whole || t.Kind != LayerKind.Norm).ToList();
        var changed = options.LeastDifference is { } least
            ? Changed(chosen, tuned, original, component => least(options.Roles.GetValueOrDefault(component)))
            : chosen;
        Rework.Made? Made(Target target) => new TargetExtraction(target, tuned, original, options).Make();
        var made = Rework.Targets(name, changed, Made, progress: progress);
        if (made.Targets.Count > 0) return made;
        made.Dispose();
        throw new LowrankException($"the two models do not differ at any of {chosen.Count} layers. Are they two files of one model?");
    }

    static List<Target> Changed(List<Target> targets, WeightSource tuned, WeightSource original, Func<string, double> least)
    {
        static string Component(Target target) => target.Path.Split('.')[0];
        var same = new HashSet<string>();
        foreach (var component in targets.GroupBy(Component))
        {
            double limit = least(component.Key);
            if (limit > 0 && !component.Any(target => Largest(target) > limit)) same.Add(component.Key);
        }
        return [.. targets.Where(target => !same.Contains(Component(target)))];

        double Largest(Target target)
        {
            using var scope = NewDisposeScope();
            return (tuned.Matrix(target, "tuned") - original.Matrix(target, "base")).abs().max().ToDouble();
        }
    }
}
