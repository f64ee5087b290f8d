namespace Lowrank.Adapters;

/// <summary>How wrappers are put around what a method made, fresh or of a file.</summary>
/// <remarks>Some work over every method (biases), some over those that add (DoRA, dropouts), some over a LoRA alone.</remarks>
static class Wrappers
{
    /// <summary>Parts that belong to wrappers and not to a method.</summary>
    public static IReadOnlySet<string> Parts { get; } = new HashSet<string>
    {
        Dora.Part, SparseRest.IndicesPart, SparseRest.ValuesPart, SparseRest.SizePart, ShapePart,
    };

    /// <summary>The shape that ComfyUI would give the host's weight first.</summary>
    internal const string ShapePart = "reshape_weight";

    /// <summary>A fresh reparameterization in the wrappers that its options ask for.</summary>
    /// <exception cref="LowrankException">The method is none that adds.</exception>
    public static Reparameterization Around(Reparameterization made, MethodOptions options, Initialization initialization)
    {
        if (options.LearnedScalar) made = new LearnedScalar(Additive(made, "a learned scalar"));
        bool drops = Dropouts.WrapperIsNeeded(made.Method, options);
        // What was taken off stays off: no dropout acts on it.
        if (made is Lora lora && TakesStartOff(options))
            made = new LessStart(lora, drops ? trained => new Dropouts(trained, options) : null);
        else if (drops) made = new Dropouts(Additive(made, "a dropout"), options);
        if (options.Dora is not null) made = Dora.Fresh(Additive(made, "DoRA"), options, initialization);
        made = WithBiases(made, options, initialization);
        made.ModuleDropout = options.ModuleDropout;
        return made;
    }

    static bool TakesStartOff(MethodOptions options) =>
        options is LoraOptions { Init: var way } && LoraInitializations.Named(way).TakesStartOff;

    static Reparameterization WithBiases(Reparameterization made, MethodOptions options, Initialization initialization)
    {
        using var scope = NewDisposeScope();
        bool takesBias = !initialization.HasWeight || initialization.Bias is not null;
        if (options is LoraOptions { Bias: true } && takesBias)
        {
            double scale = options.StoredAlpha(options.Rank) / options.Rank;
            made = new TrainedBias(made, zeros([made.Target.Out], device: CPU), scale);
        }
        return options.TrainBias && initialization.Bias is { } bias ? new TrainedBias(made, bias) : made;
    }

    /// <summary>A reparameterization that was read, in the wrappers that its parts ask for.</summary>
    /// <exception cref="LowrankException">The method is none that adds, or a part does not fit.</exception>
    public static Reparameterization Around(Reparameterization made, StoredParts parts)
    {
        try
        {
            RefuseOtherShape(made.Target, parts);
            double scale = made is Lora lora ? lora.Scale : 1;
            if (made is Lora factors && parts.Find(SparseRest.ValuesPart) is { } rest)
                made = new SparseRest(factors, parts[SparseRest.IndicesPart], rest);
            // PEFT tells by its config that it is PEFT, which keeps the norms of outputs, (1, out, 1, 1) of a convolution, and whose norm
            // passes no gradient.
            if (parts.Find(Dora.Part) is { } magnitude)
                made = new Dora(Additive(made, "DoRA"), magnitude, parts.HasConfig ? DoraAxis.Output : null, parts.HasConfig);
            if (parts.Numbers(Activated.Field) is { Count: > 0 } invocation) made = Acting(made, invocation);
            if (parts.Find(TrainedBias.AddedPart) is { } added) made = new TrainedBias(made, added, scale);
            if (BesideMethod(made, parts, TrainedBias.Part) is { } whole) made = new TrainedBias(made, whole);
            if (BesideMethod(made, parts, BiasChange.Part) is { } change) made = new BiasChange(made, change);
            return made;
        }
        catch (LowrankException)
        {
            made.Dispose();
            throw;
        }
    }

    static Activated Acting(Reparameterization made, IReadOnlyList<long> invocation) => made is Lora lora
        ? new(lora, invocation)
        : throw new LowrankException(
            $"{Activated.Field} is told, and only a plain LoRA acts from tokens on; {made.Target} has more than that");

    // A part that no method's own part of that name is.
    static Tensor? BesideMethod(Reparameterization made, StoredParts parts, string name) =>
        made.Method.Parts.Any(part => part.Name == name) ? null : parts.Find(name);

    static void RefuseOtherShape(Target target, StoredParts parts)
    {
        if (parts.Find(ShapePart)?.to(ScalarType.Int64).data<long>().ToArray() is not { } shape) return;
        if (shape.AsSpan().SequenceEqual(target.WeightShape)) return;
        throw new LowrankException(
            $"the file wants a weight of shape {shape.Text()}, enlarged with zeros, and {target} keeps its own: " +
            "such a file (a control LoRA) is for a model whose layer has that shape");
    }

    static AdditiveReparameterization Additive(Reparameterization made, string what)
    {
        if (made is AdditiveReparameterization additive) return additive;
        string name = made.Method.Name;
        made.Dispose();
        throw new LowrankException($"{what} works over methods that add to the weight, and {name} multiplies it");
    }
}
