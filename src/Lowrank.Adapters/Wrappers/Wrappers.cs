namespace Lowrank.Adapters;

/// <summary>What works over any additive method: how it is put around a fresh one, and around one that was read.</summary>
public static class Wrappers
{
    /// <summary>Parts that belong to wrappers and not to a method.</summary>
    public static IReadOnlySet<string> Parts { get; } = new HashSet<string> { Dora.Part, SparseRest.IndicesPart, SparseRest.ValuesPart, SparseRest.SizePart, ShapePart };

    /// <summary>The shape that ComfyUI would give the host's weight first.</summary>
    internal const string ShapePart = "reshape_weight";

    /// <summary>A fresh reparameterization in the wrappers that its options ask for.</summary>
    /// <exception cref="LowrankException">The method is none that adds.</exception>
    public static Reparameterization Around(Reparameterization made, MethodOptions options, Initialization initialization)
    {
        if (options.LearnedScalar) made = new LearnedScalar(Additive(made, "a learned scalar"));
        bool drops = Dropouts.IsAsked(made.Method, options);
        // What was taken off stays off: no dropout acts on it.
        if (made is Lora lora && options is LoraOptions { Init: var way } && LoraInitializations.Named(way).TakesStartOff)
            made = new LessStart(lora, drops ? trained => new Dropouts(trained, options) : null);
        else if (drops) made = new Dropouts(Additive(made, "a dropout"), options);
        if (options.Dora is not null) made = Dora.Fresh(Additive(made, "DoRA"), options, initialization);
        using var scope = NewDisposeScope();
        bool takesBias = !initialization.HasWeight || initialization.Bias is not null;
        if (options is LoraOptions { Bias: true } && takesBias) made = new TrainedBias(made, zeros(made.Target.Out), options.StoredAlpha(options.Rank) / options.Rank);
        if (options.TrainBias && initialization.Bias is { } bias) made = new TrainedBias(made, bias);
        made.ModuleDropout = options.ModuleDropout;
        return made;
    }

    /// <summary>A reparameterization that was read, in the wrappers that its parts ask for.</summary>
    /// <exception cref="LowrankException">The method is none that adds, or a part does not fit.</exception>
    public static Reparameterization Around(Reparameterization made, StoredParts parts)
    {
        try
        {
            // PEFT tells by its config that it is PEFT, which keeps the norms of outputs, (1, out, 1, 1) of a convolution, and whose norm passes no gradient.
            if (parts.Find(ShapePart)?.to(ScalarType.Int64).data<long>().ToArray() is { } shape && !shape.AsSpan().SequenceEqual(made.Target.WeightShape))
                throw new LowrankException($"the file wants a weight of shape ({string.Join(", ", shape)}), enlarged with zeros, and {made.Target} keeps its own: such a file (a control LoRA) is for a model whose layer has that shape");
            double scale = made is Lora lora ? lora.Scale : 1;
            if (made is Lora factors && parts.Find(SparseRest.ValuesPart) is { } rest) made = new SparseRest(factors, parts[SparseRest.IndicesPart], rest);
            if (parts.Find(Dora.Part) is { } magnitude) made = new Dora(Additive(made, "DoRA"), magnitude, parts.HasConfig ? DoraAxis.Output : null, parts.HasConfig);
            if (parts.Find(TrainedBias.AddedPart) is { } added) made = new TrainedBias(made, added, scale);
            if (parts.Find(TrainedBias.Part) is { } whole && made.Method.Parts.All(p => p.Name != TrainedBias.Part)) made = new TrainedBias(made, whole);
            return made;
        }
        catch (LowrankException)
        {
            made.Dispose();
            throw;
        }
    }

    static AdditiveReparameterization Additive(Reparameterization made, string what)
    {
        if (made is AdditiveReparameterization additive) return additive;
        string name = made.Method.Name;
        made.Dispose();
        throw new LowrankException($"{what} works over methods that add to the weight, and {name} multiplies it");
    }
}
