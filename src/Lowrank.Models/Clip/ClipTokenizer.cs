using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Lowrank.Models;

/// <summary>CLIP's byte-level byte-pair tokenizer: text to the ids that a text encoder takes.</summary>
public sealed class ClipTokenizer
{
    readonly BpeTokenizer pieces;
    readonly IReadOnlyDictionary<string, int> vocabulary;
    readonly IReadOnlyList<Taken> special, specialButPad;
    readonly List<Taken> words = [];

    ClipTokenizer(BpeTokenizer pieces, IReadOnlyDictionary<string, int> vocabulary, SpecialTokens tokens, int length)
    {
        this.pieces = pieces;
        this.vocabulary = vocabulary;
        Length = length;
        (BeginId, EndId, PadId) = (vocabulary[tokens.Begin], vocabulary[tokens.End], vocabulary[tokens.Pad]);
        var always = new[] { tokens.Begin, tokens.End, tokens.Unknown }.Distinct().ToArray();
        specialButPad = [.. always.Select(text => new Taken(text, [vocabulary[text]]))];
        special = [.. always.Append(tokens.Pad).Distinct().Select(text => new Taken(text, [vocabulary[text]]))];
    }

    // A stretch of text that is ids of its own; a word only where no longer word goes on around it.
    sealed record Taken(string Text, IReadOnlyList<long> Ids, bool IsWord = false);

    /// <summary>Ids in a padded sequence: 77.</summary>
    public int Length { get; }

    /// <summary>Id that begins every sequence.</summary>
    public int BeginId { get; }

    /// <summary>Id that ends every sequence.</summary>
    public int EndId { get; }

    /// <summary>Id that fills a sequence up: the end's for ViT-L, 0 ("!") for SD 2 and XL's second encoder.</summary>
    public int PadId { get; }

    /// <summary>Number of tokens.</summary>
    public int VocabularySize => vocabulary.Count;

    /// <summary>The sequence that an encoder takes, <see cref="Length"/> ids: begin, as much of the text as fits, end, padding.</summary>
    public long[] Encode(string text)
    {
        var ids = EncodeText(text, special, words).Take(Length - 2);
        long[] sequence = [BeginId, .. ids, EndId];
        return [.. sequence, .. Enumerable.Repeat((long)PadId, Length - sequence.Length)];
    }

    /// <summary>
    /// The sequences of a text in pieces of <see cref="Length"/> − 2 ids, one after the other: each begun, ended and padded as
    /// <see cref="Encode"/> does. What is longer than all pieces is cut; pieces beyond the text are those of an empty one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="pieces">Number of sequences, from 1.</param>
    public long[] EncodePieces(string text, int pieces)
    {
        int room = Length - 2;
        var ids = EncodeText(text, special, words);
        var sequences = new List<long>(pieces * Length);
        for (int piece = 0; piece < pieces; piece++)
        {
            long[] own = [.. ids.Skip(piece * room).Take(room)];
            sequences.AddRange([BeginId, .. own, EndId]);
            sequences.AddRange(Enumerable.Repeat((long)PadId, room - own.Length));
        }
        return [.. sequences];
    }

    /// <summary>Begin, the whole text however long, end.</summary>
    public long[] EncodeUnpadded(string text) => [BeginId, .. EncodeText(text, special, words), EndId];

    /// <summary>
    /// The text's ids alone, in which a "!" is always an ordinary token, as the web UI and ComfyUI take it; <see cref="Encode"/> takes
    /// it as the padding where that is "!", as transformers does.
    /// </summary>
    public long[] EncodeWords(string text) => EncodeText(text, specialButPad, words);

    /// <summary>The same with no word that was taught: for programs that look for those by rules of their own.</summary>
    public long[] EncodeBare(string text) => EncodeText(text, specialButPad, []);

    /// <summary>The words that stand for ids of their own at present.</summary>
    public IReadOnlyList<TaughtWord> Taught => [.. words.Select(word => new TaughtWord(word.Text, word.Ids))];

    /// <summary>
    /// Makes a word stand for ids of its own wherever a text has it, in upper or lower case, until what is returned is disposed.
    /// </summary>
    internal IDisposable Teach(string word, IReadOnlyList<long> ids)
    {
        var taken = new Taken(Lower(word), ids, IsWord: true);
        if (words.Exists(known => known.Text == taken.Text))
            throw new LowrankException($"The word \"{word}\" is taught twice. Leave out one of the files that bring it, or rename one.");
        words.Add(taken);
        return new OnDispose(() => words.Remove(taken));
    }

    // U+0130 is the one letter whose lower case has two code points, which .NET leaves as it is.
    static string Lower(string text) =>
        UnicodeComposition.Compose(text).Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    long[] EncodeText(string text, IReadOnlyList<Taken> taken, IReadOnlyList<Taken> taught)
    {
        string lower = Lower(text);
        var ids = new List<long>();
        int start = 0;
        while (start < lower.Length)
        {
            var (at, found) = Next(lower, start, taken.Concat(taught));
            ids.AddRange(pieces.EncodeToIds(lower.AsSpan(start, at - start), considerNormalization: false).Select(id => (long)id));
            if (found is null) break;
            ids.AddRange(found.Ids);
            start = at + found.Text.Length;
        }
        return [.. ids];
    }

    // The first there is, and of those at one place the longest.
    static (int At, Taken? Found) Next(string text, int start, IEnumerable<Taken> taken)
    {
        var first = (At: text.Length, Found: (Taken?)null);
        foreach (var one in taken)
        {
            int at = PlaceOf(one, text, start);
            bool isLonger = at == first.At && one.Text.Length > first.Found?.Text.Length;
            if (at >= 0 && (at < first.At || isLonger)) first = (at, one);
        }
        return first;
    }

    static int PlaceOf(Taken one, string text, int start)
    {
        int at = text.IndexOf(one.Text, start, StringComparison.Ordinal);
        while (at >= 0 && one.IsWord && (GoesOn(text, at - 1, at) || GoesOn(text, at + one.Text.Length - 1, at + one.Text.Length)))
            at = text.IndexOf(one.Text, at + 1, StringComparison.Ordinal);
        return at;
    }

    static bool GoesOn(string text, int left, int right) =>
        left >= 0 && right < text.Length && char.IsLetterOrDigit(text[left]) && char.IsLetterOrDigit(text[right]);

    sealed record SpecialTokens(string Begin, string End, string Unknown, string Pad);

    /// <summary>Reads vocab.json, merges.txt and the special tokens of a tokenizer folder.</summary>
    /// <exception cref="LowrankException">A file is missing or unreadable, or a special token is not in the vocabulary.</exception>
    public static ClipTokenizer Load(string folder)
    {
        string vocabularyFile = Path.Combine(folder, "vocab.json"), mergesFile = Path.Combine(folder, "merges.txt");
        var json = JsonFile.Object(vocabularyFile);
        FileKind.RequireRegular(mergesFile);
        if (!File.Exists(mergesFile))
            throw new LowrankException($"{mergesFile} is missing. Is the folder a whole CLIP tokenizer, downloaded to the end?");
        var vocabulary = new Dictionary<string, int>();
        foreach (var token in json.EnumerateObject())
            vocabulary[token.Name] = token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int id)
                ? id
                : throw new LowrankException(
                    $"{vocabularyFile} gives \"{token.Name}\" no whole number as its id. Download the file again.");
        var (tokens, length) = ReadSettings(folder);
        foreach (string token in new[] { tokens.Begin, tokens.End, tokens.Unknown, tokens.Pad })
            if (!vocabulary.ContainsKey(token))
                throw new LowrankException($"{vocabularyFile} lacks the special token {token}. " +
                    "Do tokenizer_config.json and vocab.json belong to one tokenizer?");
        try
        {
            return Make(vocabulary, File.ReadLines(mergesFile), tokens, length);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException)
        {
            throw new LowrankException(
                $"{mergesFile} and {vocabularyFile} do not make a tokenizer: {error.Message} Download both again.", error);
        }
    }

    /// <summary>
    /// CLIP's own tokenizer of 49,408 tokens, which every published Stable Diffusion has: for checkpoints, which hold none.
    /// </summary>
    /// <param name="pad">Token that fills a sequence up; null takes the end's, and "!" is that of SD 2 and of XL's second encoder.</param>
    public static ClipTokenizer Published(string? pad = null)
    {
        const string end = ClipVocabulary.End;
        return Make(ClipVocabulary.Tokens, ClipVocabulary.Merges, new SpecialTokens(ClipVocabulary.Begin, end, end, pad ?? end), 77);
    }

    static ClipTokenizer Make(
        IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges, SpecialTokens tokens, int length)
    {
        var pieces = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges.Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
            ByteLevel = true,
            EndOfWordSuffix = "</w>",
            UnknownToken = tokens.Unknown,
            PreTokenizer = new ClipPreTokenizer(),
        });
        return new(pieces, vocabulary, tokens, length);
    }

    // special_tokens_map.json is the older place and tokenizer_config.json the newer; CLIP's own tokens stand in for what neither says.
    static (SpecialTokens Tokens, int Length) ReadSettings(string folder)
    {
        JsonElement? settings = JsonFile.ObjectIfThere(Path.Combine(folder, "tokenizer_config.json"));
        JsonElement? map = JsonFile.ObjectIfThere(Path.Combine(folder, "special_tokens_map.json"));
        string end = Token("eos_token") ?? "<|endoftext|>";
        var tokens = new SpecialTokens(Token("bos_token") ?? "<|startoftext|>", end, Token("unk_token") ?? end, Token("pad_token") ?? end);
        // A tokenizer without limit says 1e30.
        JsonElement max = default;
        bool limited = settings is { } json && json.TryGetProperty("model_max_length", out max) && max.ValueKind == JsonValueKind.Number;
        return (tokens, limited && max.TryGetInt32(out int limit) && limit > 2 ? limit : 77);

        string? Token(string name) => From(map, name) ?? From(settings, name);

        static string? From(JsonElement? source, string name)
        {
            if (source is not { } json || !json.TryGetProperty(name, out var value)) return null;
            if (value.ValueKind == JsonValueKind.Object && !value.TryGetProperty("content", out value)) return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
    }
}
