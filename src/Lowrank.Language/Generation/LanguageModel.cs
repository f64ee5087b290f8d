namespace Lowrank.Language;

/// <summary>A language model that writes: a network, its tokenizer, its chat template, and how its files would have it write.</summary>
/// <remarks>Several threads may write with one at the same time; who switches adapters meanwhile does so between their tokens.</remarks>
/// <example><code>
/// using var model = LanguageModel.Load("models/SmolLM2-135M-Instruct");
/// Console.WriteLine(model.Generate("The capital of France is"));
/// model.Adapters.Load("my-adapter");
/// await foreach (string piece in model.Stream(model.Chat("Tell me a story."))) Console.Write(piece);
/// </code></example>
public sealed class LanguageModel : IDisposable
{
    readonly Lazy<TokenTexts> texts;
    readonly Lazy<SortedTokens> sorted;
    readonly bool ownsNetwork;

    /// <summary>A model of parts that are there.</summary>
    /// <param name="network">The network; it stays the caller's.</param>
    /// <param name="tokenizer">The tokenizer, with the chat templates beside it.</param>
    /// <param name="location">Where it came from: its generation_config.json is read there, if it is a folder.</param>
    public LanguageModel(CausalModel network, LoadedTokenizer tokenizer, string location = "")
        : this(network, tokenizer, location, ownsNetwork: false) { }

    LanguageModel(CausalModel network, LoadedTokenizer tokenizer, string location, bool ownsNetwork)
    {
        (Network, Loaded, Location, this.ownsNetwork) = (network, tokenizer, location, ownsNetwork);
        var file = GenerationConfigFile.Read(location, network.Config.VocabularySize);
        Defaults = file.Options;
        bool hasTemplate = tokenizer.ChatTemplates.Count > 0;
        Template = hasTemplate ? new ChatTemplate(tokenizer.ChatTemplates, tokenizer.SpecialTexts) : null;
        EndTokens = Language.EndTokens.Of(network.Config, file.Ends, tokenizer.Tokenizer, Template);
        Notes = [.. network.Notes, .. tokenizer.Notes, .. file.Notes, .. TooLarge(),
            .. Language.EndTokens.Unknown(network.Config, file.Ends)];
        texts = new(() => VocabularyTexts.Of(Tokenizer, VocabularySize, EndTokens));
        sorted = new(() => new SortedTokens(texts.Value));
    }

    /// <summary>Loads a model.</summary>
    /// <param name="path">A folder with config.json, weights and a tokenizer, or a file that holds all of them.</param>
    /// <param name="storage">Where and in which dtype weights are kept; null keeps them as stored, on the CPU.</param>
    /// <param name="tokenizer">Another tokenizer than the model's own, such as an adapter's that has one; null for its own.</param>
    /// <param name="tokens">How many tokens its tables are to have rows for, where an adapter brings tokens that were added; null takes
    /// those that it has.</param>
    /// <exception cref="LowrankException">The model or its tokenizer is missing, damaged or of no kind that is known, or it is a model
    /// that does not write.</exception>
    public static LanguageModel Load(string path, Storage? storage = null, LoadedTokenizer? tokenizer = null, int? tokens = null)
    {
        var loaded = tokenizer ?? Tokenizers.Load(path);
        var network = LanguageModels.Load<CausalModel>(path, storage, tokens: tokens);
        try
        {
            return new(network, loaded, path, ownsNetwork: true);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The network: for training, for logits, for whatever else TorchSharp does with a module.</summary>
    public CausalModel Network { get; }

    /// <summary>The tokenizer with what was found beside it.</summary>
    public LoadedTokenizer Loaded { get; }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer => Loaded.Tokenizer;

    /// <summary>The chat template; null where the files have none.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>Where it came from; empty where nobody said.</summary>
    public string Location { get; }

    /// <summary>How its generation_config.json would have it write; where there is none, the likeliest tokens, 256 at most.</summary>
    public GenerationOptions Defaults { get; }

    /// <summary>The tokens that end a text, whichever of its files names them.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>The most tokens of prompt and text together.</summary>
    public int ContextLength => Network.Config.MaxPositions;

    /// <summary>The same without those that an adapter on it puts in front, whichever is switched on.</summary>
    internal int Room => ContextLength - Adapters.All.Select(VirtualTokens).DefaultIfEmpty().Max();

    /// <summary>The same for a text, without those that its adapters put in front.</summary>
    internal int RoomFor(GenerationOptions options)
    {
        if (options.Adapter is { } name) return ContextLength - (Adapters.Contains(name) ? VirtualTokens(Adapters[name]) : 0);
        var working = Adapters.All.Where(one => one is { Active: true, Strength: not 0 });
        return ContextLength - working.Select(VirtualTokens).DefaultIfEmpty().Max();
    }

    static int VirtualTokens(Attachment attached) => (int)(attached.Adapter.Prompt?.Count ?? 0);

    /// <summary>Tokens that the network tells apart.</summary>
    public int VocabularySize => Network.Config.VocabularySize;

    /// <summary>What lies in its files and was not used, or in another way than they say, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The adapters on it: loaded, switched, merged as on any module.</summary>
    public ModelAdapters Adapters => Network.Adapters();

    internal TokenTexts TokenTexts => texts.Value;

    internal SortedTokens SortedTokens => sorted.Value;

    /// <summary>The tokens of a prompt, with the begin token that its files want: once, also where the text brings its own.</summary>
    public IReadOnlyList<int> Prompt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = Tokenizer.Encode(text).Ids;
        bool beginsTwice = ids.Count > 1 && ids[0] == Network.Config.BeginId && ids[1] == ids[0];
        return beginsTwice ? [.. ids.Skip(1)] : ids;
    }

    /// <summary>The tokens of a conversation, at whose end the assistant is to answer. No message's text becomes a control token.</summary>
    /// <exception cref="LowrankException">The model has no chat template, or it does not take the conversation.</exception>
    public IReadOnlyList<int> Prompt(Conversation conversation, ChatOptions? options = null) =>
        Rendered(conversation, options).Encode(Tokenizer).Ids;

    /// <summary>The text of a conversation, at whose end the assistant is to answer.</summary>
    internal RenderedText Rendered(Conversation conversation, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        if (Template is null) throw new LowrankException($"{Location} has no chat template: it goes on with a text, and answers no " +
            "conversation. Give it a text, or a tokenizer that has a template.");
        return Template.Render(conversation, options ?? new() { AddGenerationPrompt = true });
    }

    /// <summary>The tokens of a single message to the assistant.</summary>
    /// <param name="message">The user's message.</param>
    /// <param name="system">What the system says before it; null for what the template says by itself.</param>
    /// <exception cref="LowrankException">As above.</exception>
    public IReadOnlyList<int> Chat(string message, string? system = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Prompt(Conversation.Of(message, system));
    }

    /// <summary>Goes on with a text.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="options">How; null for <see cref="Defaults"/>.</param>
    /// <param name="cancel">Ends the text where it stands.</param>
    /// <exception cref="LowrankException">The prompt is empty or too long, or an option cannot be.</exception>
    public GeneratedText Generate(string prompt, GenerationOptions? options = null, CancellationToken cancel = default) =>
        Generate(Prompt(prompt), options, cancel);

    /// <summary>Goes on with the tokens of a prompt.</summary>
    /// <inheritdoc cref="Generate(string, GenerationOptions?, CancellationToken)"/>
    public GeneratedText Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancel = default) =>
        GenerateAll([new GenerationRequest(prompt, options ?? Defaults)], cancel: cancel)[0];

    /// <summary>Goes on with several prompts at once.</summary>
    /// <param name="requests">The prompts, of any lengths, each with its own options.</param>
    /// <param name="seed">A seed of one generator for all of them, as transformers draws; null gives each its own
    /// (<see cref="GenerationOptions.Seed"/>), so that no text hangs on what stands beside it.</param>
    /// <param name="listener">Told of every piece, at once and on the thread that writes.</param>
    /// <param name="cancel">Ends the texts where they stand.</param>
    /// <returns>The texts, in the order of the requests; of a search by beams as many as it is to return.</returns>
    /// <exception cref="LowrankException">A prompt is empty or too long, or an option cannot be.</exception>
    public IReadOnlyList<GeneratedText> GenerateAll(
        IReadOnlyList<GenerationRequest> requests, long? seed = null, IProgress<GeneratedPiece>? listener = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0) return [];
        foreach (var request in requests)
        {
            Check(request);
            if (requests.Count > 1 && request.Cache is not null)
                throw new LowrankException($"a request has a cache, and {requests.Count} texts are to be written at once. Write it by " +
                    "itself, or without.");
        }
        using var grad = no_grad();
        bool searches = requests.Any(request => request.Options.Beams is not null);
        if (searches) return BeamGeneration.Run(this, requests, seed, cancel);
        using var batch = new GenerationBatch(this, requests, seed, cancel);
        while (!batch.IsDone)
            foreach (var piece in batch.Step()) listener?.Report(piece);
        return batch.Texts;
    }

    /// <summary>Goes on with a text, piece by piece: whole characters, and nothing of a stop string.</summary>
    /// <inheritdoc cref="Stream(IReadOnlyList{int}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<string> Stream(string prompt, GenerationOptions? options = null, CancellationToken cancel = default) =>
        Stream(Prompt(prompt), options, cancel);

    /// <summary>The same behind the tokens of a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="options">How; null for <see cref="Defaults"/>.</param>
    /// <param name="cancel">Ends the text with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="LowrankException">The prompt is empty or too long, or an option cannot be.</exception>
    public async IAsyncEnumerable<string> Stream(
        IReadOnlyList<int> prompt, GenerationOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var piece in GenerationStream.Run(this, new(prompt, options ?? Defaults), cancel).ConfigureAwait(false))
            if (piece.Text.Length > 0) yield return piece.Text;
    }

    /// <summary>Rules with the end tokens that count.</summary>
    internal SamplingOptions WithEnds(GenerationOptions options)
    {
        var sampling = options.Sampling;
        if (options.IgnoresEnd) return sampling with { EndTokens = [] };
        return sampling.EndTokens.Count > 0 ? sampling : sampling with { EndTokens = EndTokens };
    }

    /// <summary>Checks that a request can be written, before anything is.</summary>
    /// <exception cref="LowrankException">The prompt is empty or too long, or an option cannot be.</exception>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Check();
        CheckCache(request);
        int count = request.Prompt.Count;
        if (count == 0)
            throw new LowrankException("the prompt has no token, and the tokenizer adds none at the beginning. Give it some text.");
        int room = RoomFor(request.Options);
        string beside = room == ContextLength ? "" : $", of which {ContextLength - room} are an adapter's";
        if (count >= room)
            throw new LowrankException($"the prompt has {count} tokens, and the model takes {ContextLength}, prompt and text together" +
                $"{beside}. Shorten it.");
        foreach (int id in request.Prompt)
            if (id < 0 || id >= VocabularySize)
                throw new LowrankException($"the prompt has the token {id} ({Tokenizer.Token(id) ?? "unknown"}), and the network knows " +
                    $"{VocabularySize} tokens. Is the tokenizer of a model, or of an adapter, that added tokens?");
        foreach (var (option, id) in request.Options.Sampling.NamedTokens)
            if (id < 0 || id >= VocabularySize)
                throw new LowrankException($"{option} names the token {id}, and the network knows {VocabularySize} tokens, from 0.");
        if (request.Options.Beams is { } beams && beams.Beams > VocabularySize)
            throw new LowrankException($"{beams.Beams} beams are more than the network has tokens ({VocabularySize}). Take fewer.");
    }

    void CheckCache(GenerationRequest request)
    {
        if (request.Cache is not { } cache) return;
        if (cache.Model != this) throw new LowrankException("the cache of a request was made for another model. Make one for this.");
        if (request.Options.Beams is not null)
            throw new LowrankException("a cache and beams do not go together: a search follows several texts. Leave one away.");
    }

    IEnumerable<string> TooLarge()
    {
        int beyond = Tokenizer.Size - VocabularySize;
        if (beyond <= 0) yield break;
        yield return $"The tokenizer has {Tokenizer.Size} tokens and the network {VocabularySize}: the last {beyond} cannot be used.";
    }

    /// <summary>Frees its adapters, and the network where it was loaded with it.</summary>
    public void Dispose()
    {
        if (!ownsNetwork) return;
        Adapters.Dispose();
        Network.Dispose();
    }
}
