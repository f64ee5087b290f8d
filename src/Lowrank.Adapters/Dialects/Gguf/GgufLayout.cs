using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>llama.cpp's factors: one alpha for all, rows in its own order, an embedding's first factor turned.</summary>
/// <param name="model">The model that they are of; null keeps rows as they are.</param>
/// <param name="alpha">The alpha of the file that is written.</param>
sealed class GgufLayout(ModelDescription? model = null, GgufAlpha? alpha = null) : PartLayout
{
    /// <inheritdoc/>
    public override bool TellsAlpha => true;

    /// <inheritdoc/>
    public override StoredParts Read(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var kept = Kept(target);
        var read = new Dictionary<string, Tensor>(parts);
        if (layer.Method == Replacement.Descriptor)
        {
            read["weight"] = parts["weight"].to(ScalarType.Float32) - kept.Added;
            return new(read, begin: begin);
        }
        if (target.Kind == LayerKind.Embedding) read["down"] = parts["down"].t();
        RefuseExchanged(target, read["down"], parts["up"]);
        read["up"] = parts["up"].shape[0] == target.Out ? kept.RowsToOwn(parts["up"]) : parts["up"];
        if (AlphaBeside(layer, read["down"].shape[0]) is { } scale) read["alpha"] = tensor((float)scale, device: CPU);
        return new(read, Activation(layer), begin);
    }

    // What tells the tokens from which on it acts; nothing where it acts everywhere.
    static JsonElement Activation(FiledLayer layer) => GgufHead.Of(layer.File)?.InvocationTokens is { Count: > 0 } tokens
        ? PlainJson.Element(new Dictionary<string, object?> { [Activated.Field] = tokens })
        : default;

    /// <inheritdoc/>
    private protected override bool TellsInvocation => true;

    // What llama.cpp's converter makes of layers that keep their weight as (in, out).
    static void RefuseExchanged(Target target, Tensor down, Tensor up)
    {
        bool isExchanged = target.In != target.Out && down.dim() == 2 && down.shape[1] == target.Out && up.shape[0] == target.In;
        if (isExchanged)
            throw new LowrankException($"lora_a {down.shape.Text()} and lora_b {up.shape.Text()} have changed places for {target}: so " +
                "does llama.cpp's converter with GPT-2, and llama.cpp refuses the file. Convert the PEFT folder that it was made of");
    }

    /// <inheritdoc/>
    public override double? AlphaBeside(FiledLayer layer, long rank)
    {
        if (layer.Method != Lora.Descriptor) return null;
        return GgufHead.Of(layer.File)?.Alpha is { } told and not 0 ? told : rank;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes) =>
        layer.Name == GgufSpelling.Tokens && shapes.GetValueOrDefault("down") is [var words, var rank]
            ? new Dictionary<string, long[]>(shapes) { ["down"] = [rank, words] }
            : shapes;

    /// <inheritdoc/>
    public override LayerKind KindOf(FiledLayer layer, IEnumerable<string> keys, int axes) =>
        layer.Name == GgufSpelling.Tokens ? LayerKind.Embedding : base.KindOf(layer, keys, axes);

    /// <inheritdoc/>
    public override bool LeavesOut(Reparameterization made, string part) => part == "alpha";

    /// <inheritdoc/>
    public override Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (part == "down") return made.Target.Kind == LayerKind.Embedding ? value.t().contiguous() : value;
        if (part != "up" || alpha is not { } ofFile) return value;
        double share = ofFile.Share(made);
        return Kept(made.Target).RowsToOther(share == 1 ? value : value * share);
    }

    // As the program of the names keeps it.
    KeptWeight Kept(Target target)
    {
        var component = model?.Components.FirstOrDefault(one => target.Path.StartsWith(one.Name + ".", StringComparison.Ordinal));
        var alias = component?.Aliases.GetValueOrDefault(GgufSpelling.Program);
        return alias is null ? KeptWeight.AsIs : alias.KeptAs(component!.PathOf(target));
    }
}
