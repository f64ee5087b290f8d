namespace Lowrank.Adapters;

/// <summary>Textual inversion: words alone, in every form in which they are saved.</summary>
sealed class TextualInversionDialect : Dialect
{
    // Files of words are small: more tensors than this are something else.
    const int MostWords = 64;

    /// <inheritdoc/>
    public override string Name => "textual-inversion";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new NoSpelling();

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new PlainWords();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(PlainWords.IsOnly) || keys.Any() && keys.All(PlainWords.IsOfSeveral);

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file)
    {
        if (Recognizes(file.Tensors.Select(t => t.Name))) return true;
        bool areWords = file.Tensors.Count is > 0 and <= MostWords && file.Tensors.All(IsWord);
        return areWords && file.Tensors.Select(t => t.Shape[^1]).Distinct().Count() == 1;
    }

    static bool IsWord(TensorInfo tensor) => PlainWords.IsWord(tensor.Name) && tensor.Shape.Length is 1 or 2
        && TensorDtypes.OfWeights.Contains(tensor.Dtype);

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if (adapter.Targets.Count > 0) return $"{Name} holds words alone, and the adapter has {adapter.Targets.Count} layers";
        return adapter.Embeddings.Count == 0 ? $"{Name} holds words, and the adapter has none" : base.Refuses(adapter, model);
    }

    // Layers have no names.
    sealed class NoSpelling : Spelling
    {
        public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes => [];

        public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => [];

        public override string? WhyNotNeeded(string key) =>
            key.StartsWith(PlainWords.Tokens, StringComparison.Ordinal) ? "a number of a tokenizer that no vector needs" : null;
    }
}
