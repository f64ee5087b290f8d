namespace Lowrank.Adapters;

/// <summary>Makes fresh adapters, which change nothing until they are trained.</summary>
public static class AdapterFactory
{
    /// <summary>A fresh adapter over <paramref name="targets"/>.</summary>
    /// <param name="targets">What is adapted, at least one.</param>
    /// <param name="method">The method.</param>
    /// <param name="options">Rank, alpha and the like, for each target.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <param name="name">The adapter's name.</param>
    /// <exception cref="LowrankException">No target, options out of their ranges, or targets that the method cannot adapt.</exception>
    public static Adapter Create(
        IEnumerable<Target> targets, MethodDescriptor method, Func<Target, MethodOptions> options, Generator? generator = null, string name = "adapter")
    {
        var chosen = targets.Select(target => (Target: target, Options: options(target))).ToList();
        if (chosen.Count == 0) throw new LowrankException("no layer was chosen to be adapted. Switch the UNet or the text encoder on as a target.");
        foreach (var (target, option) in chosen)
        {
            if (!method.Fits(target)) throw new LowrankException($"{method.Name} cannot adapt {target}");
            if (option.Faults().ToList() is { Count: > 0 } faults) throw new LowrankException($"{string.Join("; ", faults)}, at {target}");
        }
        return new Adapter(name, [.. chosen.Select(c => method.Create(c.Target, c.Options, generator))]);
    }

    /// <summary>A fresh LoRA with the same options on every target.</summary>
    public static Adapter Create(IEnumerable<Target> targets, LoraOptions options, Generator? generator = null, string name = "adapter") =>
        Create(targets, Lora.Descriptor, _ => options, generator, name);
}
