namespace Lowrank.Adapters;

/// <summary>
/// PEFT's parts of a LoRA, whose alpha the metadata tells. What is written has alpha/rank in its up factor, and tells the rank as alpha:
/// who does not read the metadata has the right strength too.
/// </summary>
sealed class DiffusersLayout : BakedAlphaLayout
{
    static readonly PeftType lora = PeftTypes.Of(Lora.Descriptor)!;

    /// <inheritdoc/>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var read = new Dictionary<string, Tensor>(parts);
        var settings = DiffusersSettings.Of(layer.File);
        if (settings.Unreadable is { } reason) throw new LowrankException(reason);
        if (settings.For(target.Path) is not { } config) return new StoredParts(read, PeftConfig.Empty, begin);
        var own = config.At(lora, layer.Name);
        read["alpha"] = tensor((float)PeftConfig.Alpha(own, lora, parts["down"].shape[0]), device: CPU);
        PeftStart.TakeOff(own, target, read, begin);
        return new StoredParts(read, own, begin);
    }

    /// <inheritdoc/>
    public override double? AlphaBeside(FiledLayer layer, long rank)
    {
        var settings = DiffusersSettings.Of(layer.File);
        if (rank == 0 || settings.Faults.Count > 0 || settings.For(layer.Name) is not { } config) return null;
        return PeftTypes.Of(layer.Method) is { Alpha: not null } type ? PeftConfig.Alpha(config.At(type, layer.Name), type, rank) : null;
    }

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => part == "alpha";

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value) =>
        part == Dora.Part ? PeftLayout.Magnitudes(made.Target, value) : base.Write(made, part, value);
}
