namespace Lowrank.Adapters;

/// <summary>Sits in the slots of layers that will be adapted and sums up what they are asked, while the model runs a few batches.</summary>
public sealed class InputRecorder : IDisposable
{
    readonly Dictionary<string, (IAdaptable Layer, InputStatistics Statistics)> seen = [];

    /// <summary>Takes the slots of the layers whose plan looks at inputs; the others are left alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="targets">The plan.</param>
    /// <exception cref="LowrankException">A layer's slot is taken.</exception>
    public InputRecorder(ModelDescription model, IEnumerable<PlannedTarget> targets)
    {
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        foreach (var (target, method, options) in targets)
        {
            if (method.OwnOptions(options) is not LoraOptions lora) continue;
            var way = LoraInitializations.Named(lora.Init);
            if (!way.NeedsInputs) continue;
            var layer = layers[target.Path];
            if (layer.Host is { } taken)
                throw new LowrankException($"the inputs of {target} cannot be seen: its slot is taken by a {taken.GetType().Name}");
            var statistics = new InputStatistics(options.Rank, covariance: way.TakesStartOff);
            seen[target.Path] = (layer, statistics);
            layer.Host = new Listener(target, statistics);
        }
    }

    /// <summary>Whether any layer's inputs are wanted.</summary>
    public bool IsNeeded => seen.Count > 0;

    /// <summary>What was seen of a target; null where it was not listened to.</summary>
    public InputStatistics? Of(Target target) => seen.TryGetValue(target.Path, out var found) ? found.Statistics : null;

    /// <summary>Gives the slots back; what was seen stays.</summary>
    public void Leave()
    {
        foreach (var (layer, _) in seen.Values)
            if (layer.Host is Listener) layer.Host = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        foreach (var (_, statistics) in seen.Values) statistics.Dispose();
    }

    sealed class Listener(Target target, InputStatistics statistics) : IAdapterHost
    {
        public Tensor Forward(Tensor x, IAdaptable layer)
        {
            statistics.Add(x, target);
            return layer.Run(x);
        }
    }
}
