namespace Lowrank.Adapters;

/// <summary>mlx-lm's factors: turned, lora_a (in, rank) and lora_b (rank, out), and one scale for all beside them.</summary>
/// <param name="model">The model that they are of; null for no certain one.</param>
/// <param name="shape">Scale and rank of the file that is written.</param>
sealed class MlxLayout(ModelDescription? model = null, MlxShape? shape = null) : PartLayout
{
    /// <inheritdoc/>
    public override bool TellsAlpha => true;

    /// <inheritdoc/>
    /// <remarks>Magnitudes are of outputs, of a table of tokens of its rows; no gradient goes through the norm, as in PEFT.</remarks>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var read = new Dictionary<string, Tensor>(parts);
        if (layer.Method != Lora.Descriptor)
        {
            if (IsTurned(target) && parts.TryGetValue("weight", out var whole) && whole.dim() == 2) read["weight"] = whole.t();
            return new(read, begin: begin);
        }
        if (MlxRefusal.OfTable(model, target) is { } reason) throw new LowrankException(reason);
        if (parts["down"].dim() != 2 || parts["up"].dim() != 2)
            throw new LowrankException($"lora_a {parts["down"].shape.Text()} and lora_b {parts["up"].shape.Text()} are no matrices");
        (read["down"], read["up"]) = (parts["down"].t(), parts["up"].t());
        if (AlphaBeside(layer, read["down"].shape[0]) is { } alpha) read["alpha"] = tensor((float)alpha, device: CPU);
        bool isTable = target.Kind == LayerKind.Embedding;
        if (isTable && read.TryGetValue(Dora.Part, out var rows)) read[Dora.Part] = rows.reshape(1, -1);
        // A table's magnitudes tell by their shape that they are of rows; those of others are read as PEFT's.
        return isTable && read.ContainsKey(Dora.Part) ? new(read, begin: begin) : new(read, PeftConfig.Empty, begin);
    }

    // mlx-lm keeps every weight as (outputs, inputs), GPT-2's too.
    static bool IsTurned(Target target) => target.Kind == LayerKind.TransposedLinear;

    /// <inheritdoc/>
    public override double? AlphaBeside(FiledLayer layer, long rank) =>
        layer.Method == Lora.Descriptor && (layer.File as MlxFolder)?.Config.ScaleOfAll is { } scale ? scale * rank : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes)
    {
        var turned = new Dictionary<string, long[]>(shapes);
        foreach (string part in new[] { "down", "up" })
            if (shapes.GetValueOrDefault(part) is [var rows, var columns]) turned[part] = [columns, rows];
        return turned;
    }

    /// <inheritdoc/>
    public override LayerKind KindOf(FiledLayer layer, IEnumerable<string> keys, int axes) =>
        MlxSpelling.IsTable(layer.Name) ? LayerKind.Embedding : base.KindOf(layer, keys, axes);

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => part == "alpha";

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (part == Dora.Part) return value.reshape(-1);
        if (part == "weight" && IsTurned(made.Target)) return value.t().contiguous();
        if (shape is not { } ofFile) return value;
        return part switch
        {
            "down" => ofFile.Down(value),
            "up" => ofFile.Up(made, value),
            _ => value,
        };
    }
}
