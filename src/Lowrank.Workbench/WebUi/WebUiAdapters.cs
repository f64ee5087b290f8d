namespace Lowrank.Workbench;

/// <summary>The adapters and words of a web UI's job in a model; as it was, once this is disposed of.</summary>
sealed class WebUiAdapters : IDisposable
{
    readonly Stack<IDisposable> held = [];
    readonly Dictionary<string, string> words = [];
    readonly List<(string Name, string Hash)> hashes = [];
    readonly List<AttachedAdapter> attached = [];
    readonly long seed;

    /// <summary>Attaches what tags call, and teaches all words.</summary>
    /// <param name="model">The model.</param>
    /// <param name="files">What names lead to.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="seed">Settles weights of blocks that are left to chance.</param>
    /// <param name="comments">Told what is passed over.</param>
    public WebUiAdapters(StableDiffusion model, IWebUiFiles files, IReadOnlyList<AdapterTag> tags, long seed, List<string> comments)
    {
        this.seed = seed;
        try
        {
            foreach (var word in files.Words) Teach(model, files, word, comments);
            foreach (var tag in AdapterTag.Settled(tags)) Attach(model, files, tag, comments);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Words, with the digits that tell their files apart.</summary>
    public IReadOnlyDictionary<string, string> Words => words;

    /// <summary>Names of the adapters as they were called, with the digits that tell their files apart.</summary>
    public IReadOnlyList<(string Name, string Hash)> Hashes => hashes;

    /// <summary>The prompt without tags, and the tags of adapters in it; none where a number in them cannot be read.</summary>
    public static (string Prompt, IReadOnlyList<AdapterTag> Tags) Taken(string prompt, List<string> comments)
    {
        var read = PromptTags.Read(prompt);
        comments.AddRange(read.Others.Select(other => $"{other} is not used: it names no adapter"));
        try
        {
            return (read.Prompt, [.. read.Adapters.Select(tag => tag.ForWebUi())]);
        }
        catch (LowrankException error)
        {
            comments.Add($"No adapter is used, for a number cannot be read. {error.Message}");
            return (read.Prompt, []);
        }
    }

    /// <summary>Gives each layer the strengths that it has in a step, from 0.</summary>
    /// <param name="step">The step.</param>
    /// <param name="steps">Of how many.</param>
    public void Begin(int step, int steps)
    {
        foreach (var adapter in attached.Where(adapter => adapter.FollowsSteps)) adapter.Begin(step, steps);
    }

    void Teach(StableDiffusion model, IWebUiFiles files, WebUiWord word, List<string> comments)
    {
        try
        {
            held.Push(new TaughtWord(model, word.Name, word.Path, files.ReadAdapters));
            words[word.Name] = word.Hash;
        }
        catch (LowrankException error)
        {
            comments.Add($"The word {word.Name} is not used: {error.Message}");
        }
    }

    void Attach(StableDiffusion model, IWebUiFiles files, AdapterTag tag, List<string> comments)
    {
        if (files.Adapter(tag.Name) is not { } path)
        {
            comments.Add($"There is no adapter {tag.Name}; it is passed over.");
            return;
        }
        var choice = new TaggedAdapter(path, tag, tag.IsByChance ? seed : 0);
        var adapter = new AttachedAdapter(model, choice, allowUnmatched: true, files.ReadAdapters);
        held.Push(adapter);
        attached.Add(adapter);
        comments.AddRange(adapter.Notes);
        comments.AddRange(PassedOver.Sentences(adapter.PassedOver).Select(sentence => $"{tag.Name}: {sentence}"));
        hashes.Add((tag.Name, adapter.Hash));
        foreach (string word in adapter.Words) words[word] = adapter.Name;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
