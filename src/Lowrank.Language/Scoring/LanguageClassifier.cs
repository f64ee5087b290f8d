namespace Lowrank.Language;

/// <summary>A model that tells classes of texts, or of pairs of texts, with its tokenizer.</summary>
/// <example><code>
/// using var model = LanguageClassifier.Load("models/roberta-base-cola");
/// foreach (var (_, scores) in model.Score([("They sleeps.", null)])) Console.WriteLine(string.Join(' ', scores));
/// </code></example>
public sealed class LanguageClassifier : IDisposable
{
    readonly Func<LanguageInput, Tensor> scores;
    readonly bool hasTypes, readsOne;
    readonly int pad;

    LanguageClassifier(LanguageNetwork network, LoadedTokenizer tokenizer, Func<LanguageInput, Tensor> scores)
    {
        (Network, Loaded, this.scores) = (network, tokenizer, scores);
        pad = tokenizer.Tokenizer.Specials.Pad ?? network.Config.PadId ?? 0;
        hasTypes = network is ClassifierModel { HasTypes: true };
        if (network is ScoreModel score) score.PadId ??= tokenizer.Tokenizer.Specials.Pad;
        readsOne = network is ScoreModel { PadId: null };
        if (network is ScoreModel { PadId: { } own }) pad = own;
    }

    /// <summary>Loads one.</summary>
    /// <param name="path">A folder with config.json, weights and a tokenizer.</param>
    /// <param name="storage">Where and in which dtype weights are kept; null keeps them as stored, on the CPU.</param>
    /// <param name="tokenizer">Another tokenizer than the model's own; null for its own.</param>
    /// <param name="labels">The classes of a model that was saved without a head for any, which an adapter then brings; null refuses
    /// such a model.</param>
    /// <exception cref="LowrankException">The model or its tokenizer is missing or damaged, or it has no head for classes.</exception>
    public static LanguageClassifier Load(
        string path, Storage? storage = null, LoadedTokenizer? tokenizer = null, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isAdapter = labels is null && File.Exists(Path.Combine(path, AdapterConfig));
        if (isAdapter) return LoadAdapted(path, storage, tokenizer);
        var loaded = tokenizer ?? Tokenizers.Load(path);
        var network = labels is null ? LanguageModels.Load(path, storage) : LanguageModels.LoadClassifier(path, labels, storage);
        return Of(network, loaded, path);
    }

    const string AdapterConfig = "adapter_config.json";

    /// <summary>Loads one for adapters that bring a head for certain classes, whatever head its base has.</summary>
    /// <param name="path">The base's folder, or a GGUF file.</param>
    /// <param name="labels">The classes; a head of others is passed over.</param>
    /// <param name="storage">As above.</param>
    /// <param name="tokenizer">As above.</param>
    /// <exception cref="LowrankException">As above.</exception>
    public static LanguageClassifier LoadFor(
        string path, IReadOnlyList<string> labels, Storage? storage = null, LoadedTokenizer? tokenizer = null) =>
        Of(LanguageModels.LoadHeaded(path, ModelHead.Rows, labels, storage), tokenizer ?? Tokenizers.Load(path), path);

    // The base that an adapter's folder names, with the adapter on it.
    static LanguageClassifier LoadAdapted(string folder, Storage? storage, LoadedTokenizer? tokenizer)
    {
        IReadOnlyDictionary<string, string> told;
        using (var file = AdapterFile.Open(folder)) told = file.Metadata;
        if (HeadMetadata.LabelsIn(told) is not { } labels || !told.TryGetValue("base_model_name_or_path", out string? place))
            throw new LowrankException($"{folder} is an adapter that does not tell its base and the classes of its head. Give the base, " +
                "and the adapter with it.");
        var made = LoadFor(place, labels, storage, tokenizer);
        made.Adapters.Load(folder);
        return made;
    }

    static LanguageClassifier Of(LanguageNetwork network, LoadedTokenizer loaded, string path)
    {
        switch (network)
        {
            case ClassifierModel model: return new(model, loaded, model.Scores);
            case ScoreModel model: return new(model, loaded, model.Scores);
        }
        string name = network.GetName();
        network.Dispose();
        throw new LowrankException($"{path} holds a {name}, which tells no classes of texts. Labels are measured on a model that was " +
            "saved with its head for them, as ...ForSequenceClassification, or with an adapter that brings one.");
    }

    /// <summary>The network.</summary>
    public LanguageNetwork Network { get; }

    /// <summary>The tokenizer with what was found beside it.</summary>
    public LoadedTokenizer Loaded { get; }

    /// <summary>The classes, in the order of their scores; one alone where the score itself is the answer.</summary>
    public IReadOnlyList<string> Labels => Network.Config.Labels;

    /// <summary>The most tokens of a row.</summary>
    public int Longest => Math.Min(Loaded.MaxLength ?? int.MaxValue, Network.Config.MaxPositions);

    /// <summary>The adapters on it.</summary>
    public ModelAdapters Adapters => Network.Adapters();

    /// <summary>Tokens of a text or a pair, cut to <see cref="Longest"/>: of a pair the longer text first.</summary>
    public IReadOnlyList<TokenizedText> Tokens(IReadOnlyList<(string First, string? Second)> texts) =>
        Loaded.Tokenizer.EncodeBatch(texts, new Truncation(Longest), parseSpecials: false);

    /// <summary>Scores of rows, a batch at a time: whoever stops asking has those that are done.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="batch">Rows of a pass at most.</param>
    /// <returns>Each row once, by its number from 0, the longest first: a score for each class.</returns>
    public IEnumerable<(int Row, float[] Scores)> Score(IReadOnlyList<TokenizedText> rows, int batch = 16)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var longest = Enumerable.Range(0, rows.Count).OrderByDescending(row => rows[row].Ids.Count);
        return longest.Chunk(readsOne ? 1 : batch).SelectMany(numbers => Batch(rows, numbers));
    }

    List<(int Row, float[] Scores)> Batch(IReadOnlyList<TokenizedText> rows, int[] numbers)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        int length = rows[numbers[0]].Ids.Count;
        var device = Network.parameters().First().device;
        var input = new LanguageInput(Placed(row => row.Ids, pad))
        {
            Mask = Placed(row => row.Mask, 0),
            Types = hasTypes ? Placed(row => row.TypeIds, 0) : null,
        };
        float[] all = [.. scores(input).to(ScalarType.Float32).cpu().contiguous().data<float>()];
        int classes = all.Length / numbers.Length;
        return [.. numbers.Index().Select(one => (one.Item, all[(one.Index * classes)..((one.Index + 1) * classes)]))];

        Tensor Placed(Func<TokenizedText, IReadOnlyList<int>> part, int filling)
        {
            long[] values = new long[numbers.Length * length];
            Array.Fill(values, filling);
            foreach (var (place, number) in numbers.Index())
                foreach (var (at, value) in part(rows[number]).Index()) values[place * length + at] = value;
            return tensor(values, [numbers.Length, length], ScalarType.Int64, device);
        }
    }

    /// <summary>Frees its adapters and the network.</summary>
    public void Dispose()
    {
        Adapters.Dispose();
        Network.Dispose();
    }
}
