namespace Lowrank.Adapters;

/// <summary>PEFT's parts, with what the configuration tells of each layer.</summary>
/// <param name="spelling">The spelling, which knows paths by names.</param>
sealed class PeftLayout(PeftSpelling spelling) : PartLayout
{
    /// <inheritdoc/>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var read = new Dictionary<string, Tensor>(parts);
        var method = layer.Method;
        if (ConfigOf(layer) is not var (config, path) || PeftTypes.Of(method) is not { } type) return new StoredParts(read, begin: begin);
        var own = config.At(type, path);
        if (method == TrainableTokens.Descriptor && config.Tokens(path) is { } tokens) read.TryAdd("tokens", tensor(tokens, device: CPU));
        bool asksForInput = method == Ia3.Descriptor && target.IsConvolution && !read.ContainsKey("on_input");
        if (asksForInput) read["on_input"] = tensor(config.IsFeedforward(path) ? 1L : 0L, device: CPU);
        if (type.Alpha is not null && RankOf(method, read) is { } rank)
            read["alpha"] = tensor((float)PeftConfig.Alpha(own, type, rank), device: CPU);
        var misfit = RankOf(method, read) is { } factors ? PeftConfig.FaultOfRank(own, type, factors) : null;
        if (misfit is not null) throw new LowrankException(misfit);
        if (method == Lora.Descriptor) PeftStart.TakeOff(own, target, read, begin);
        return new StoredParts(read, own, begin);
    }

    (PeftConfig Config, string Path)? ConfigOf(FiledLayer layer) =>
        layer.File is IPeftConfigured file && spelling.PathOf(layer.Name) is { } path
            ? file.ConfigAt(PeftReach.Configured(path))
            : null;

    static long? RankOf(MethodDescriptor method, Dictionary<string, Tensor> parts) =>
        method.Facts(parts.ToDictionary(p => p.Key, p => p.Value.shape))?.Rank;

    /// <inheritdoc/>
    public override double? AlphaBeside(FiledLayer layer, long rank)
    {
        if (rank == 0 || ConfigOf(layer) is not var (config, path)) return null;
        return PeftTypes.Of(layer.Method) is { Alpha: not null } type ? PeftConfig.Alpha(config.At(type, path), type, rank) : null;
    }

    /// <summary>An embedding's parts have keys of their own, and the configuration tells of GPT-2's transposed layers.</summary>
    public override LayerKind KindOf(FiledLayer layer, IEnumerable<string> keys, int axes)
    {
        var kind = base.KindOf(layer, keys, axes);
        bool isEmbedding = axes == 0 && keys.Any(key => key.Contains("lora_embedding_", StringComparison.Ordinal));
        if (isEmbedding) return LayerKind.Embedding;
        return kind == LayerKind.Linear && ConfigOf(layer) is { Config.IsTransposed: true } ? LayerKind.TransposedLinear : kind;
    }

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => PeftTypes.Of(made.Method)?.Tells(part) == true;

    /// <inheritdoc/>
    public override string? Loses(Reparameterization made, IAdaptable layer) => null;

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (part == Dora.Part) return Magnitudes(made.Target, value);
        return PeftTypes.Of(made.Method)?.Write is { } theirs ? theirs(made, part, value) : value;
    }

    /// <summary>DoRA's magnitudes in PEFT's shape: (out), of a convolution (1, out, 1, 1).</summary>
    public static Tensor Magnitudes(Target target, Tensor value) =>
        target.IsConvolution ? value.reshape([1, -1, .. target.Kernel.Select(_ => 1L)]) : value.reshape(-1);
}
