namespace Lowrank.Adapters;

/// <summary>llama.cpp's adapters: <c>blk.0.attn_q.weight.lora_a</c> in a GGUF file, one alpha for all pairs in its metadata.</summary>
/// <remarks>
/// A file means what llama.cpp makes of it: strength · alpha/rank · B·A, the rank being each pair's own, and strength alone where alpha is
/// absent or 0. llama.cpp's own converter writes other adapters than it is given where they have rsLoRA's scale, alphas of their own, an
/// alpha of 0, or GPT-2's layers; here each scale is folded into the factors so that the file means what the adapter does.
/// Source: llama.cpp at 0c1e570, src/llama-adapter.cpp and convert_lora_to_gguf.py.
/// </remarks>
sealed class GgufDialect : Dialect
{
    readonly GgufLayout layout;
    readonly ModelDescription? model;

    /// <summary>Of no certain model: rows stay in their order.</summary>
    public GgufDialect() : this(null, new GgufLayout()) { }

    GgufDialect(ModelDescription? model, GgufLayout layout) => (this.model, this.layout) = (model, layout);

    /// <inheritdoc/>
    public override string Name => "gguf";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new GgufSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => layout;

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new GgufPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(GgufSpelling.IsFactor);

    /// <summary>By its keys, or by what its metadata say it is.</summary>
    public override bool Recognizes(ITensorFile file) =>
        GgufHead.Of(file)?.Type == GgufHead.Adapter || Recognizes(file.Tensors.Select(tensor => tensor.Name));

    /// <inheritdoc/>
    /// <exception cref="LowrankException">The file is for models of another architecture.</exception>
    public override Dialect For(ITensorFile file, ModelDescription model)
    {
        string? told = GgufHead.Of(file)?.Architecture, own = GgufSpelling.ArchitectureOf(model);
        if (own is null)
            throw new LowrankException($"{file.Path} names layers as llama.cpp does, and what it calls those of {model.Family.Title} " +
                "is not known here. Give the base model, if none was given.");
        if (told is not null && told != own)
            throw new LowrankException($"{file.Path} is an adapter for models that llama.cpp calls {told}, and the model is one that it " +
                $"calls {own}.");
        return new GgufDialect(model, new GgufLayout(model));
    }

    /// <inheritdoc/>
    public override Dialect ForWriting(Adapter adapter, ModelDescription model) =>
        new GgufDialect(model, new GgufLayout(model, GgufAlpha.Of(adapter)));

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if (GgufSpelling.ArchitectureOf(model) is null)
            return $"{Name} names layers as llama.cpp does, and what it calls those of this model is not known; give the base model";
        return GgufRefusal.Of(adapter, model) ?? base.Refuses(adapter, model);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => GgufHead.Of(file)?.Faults() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file)
    {
        foreach (string note in GgufHead.Of(file)?.Notes() ?? []) yield return note;
        var names = file.Tensors.Select(tensor => tensor.Name).ToList();
        int whole = names.Count(name => !GgufSpelling.IsFactor(name) && Spelling.WhyNotNeeded(name) is null);
        if (whole > 0) yield return $"it holds {whole} whole tensors, such as trained norms: llama.cpp passes over norms without a word";
        if (SquareOfGpt2(file) is { } square)
            yield return $"{square} is square, and llama.cpp's converter exchanges lora_a and lora_b of GPT-2's layers: whether it did " +
                "here the file does not tell; it is read as llama.cpp reads it";
        if (model is null) yield break;
        foreach (var (name, reason) in GgufRefusal.TiedNames(model))
            if (names.Exists(key => key.StartsWith(name + ".", StringComparison.Ordinal))) yield return $"{name}: {reason}";
    }

    static string? SquareOfGpt2(ITensorFile file)
    {
        if (GgufHead.Of(file)?.Architecture != "gpt2") return null;
        var shapes = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        foreach (var (key, shape) in shapes)
            if (GgufSpelling.IsDown(key) && shape is [_, var inputs] && shapes.GetValueOrDefault(GgufSpelling.UpOf(key)) is [var outputs, _]
                && inputs == outputs)
                return key;
        return null;
    }
}
