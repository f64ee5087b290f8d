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
    /// <exception cref="LowrankException">No target, a rank below 1, or a target that the method cannot adapt.</exception>
    public static Adapter Create(IEnumerable<Target> targets, MethodDescriptor method, Func<Target, MethodOptions> options, Generator? generator = null, string name = "adapter")
    {
        var made = new List<Reparameterization>();
        foreach (var target in targets)
        {
            if (!method.Fits(target)) throw new LowrankException($"{method.Name} cannot adapt {target}");
            var chosen = options(target);
            if (chosen.Rank < 1) throw new LowrankException($"rank {chosen.Rank} is not 1 or more, at {target}. Ranks of 4 to 64 are usual.");
            if (chosen.Alpha is { } alpha && !(alpha >= 0 && double.IsFinite(alpha))) throw new LowrankException($"alpha {alpha} is not a finite number of 0 or more, at {target}");
            made.Add(method.Create(target, chosen, generator));
        }
        if (made.Count == 0) throw new LowrankException("no layer was chosen to be adapted. Switch the UNet or the text encoder on as a target.");
        return new Adapter(name, made);
    }

    /// <summary>A fresh LoRA with the same options on every target.</summary>
    public static Adapter Create(IEnumerable<Target> targets, LoraOptions options, Generator? generator = null, string name = "adapter") =>
        Create(targets, Lora.Descriptor, _ => options, generator, name);
}
