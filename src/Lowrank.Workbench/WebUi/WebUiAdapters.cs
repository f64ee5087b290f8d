namespace Lowrank.Workbench;

/// <summary>The adapters and words of a web UI's job in a model; as it was, once this is disposed of.</summary>
sealed class WebUiAdapters : IDisposable
{
    readonly Stack<IDisposable> held = [];
    readonly Dictionary<string, string> words = [];
    readonly List<(string Name, string Hash)> hashes = [];

    /// <summary>Attaches what tags call, and teaches all words.</summary>
    public WebUiAdapters(StableDiffusion model, IWebUiFiles files, IReadOnlyList<WebUiTag> tags, List<string> comments)
    {
        try
        {
            foreach (var word in files.Words) Teach(model, word, comments);
            foreach (var tag in tags) Attach(model, files, tag, tags, comments);
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
    public static (string Prompt, IReadOnlyList<WebUiTag> Tags) Taken(string prompt, ICollection<string> comments)
    {
        var tags = new List<WebUiTag>();
        try
        {
            return (WebUiTag.Take(prompt, tags), tags);
        }
        catch (FormatException error)
        {
            comments.Add($"A number in a tag cannot be read, so that no adapter is used: {error.Message}");
            return (WebUiTag.Without(prompt), []);
        }
    }

    void Teach(StableDiffusion model, WebUiWord word, List<string> comments)
    {
        try
        {
            var adapter = AdapterFile.Read(word.Path, model.Describe());
            held.Push(adapter);
            foreach (var embedding in adapter.Embeddings) held.Push(model.Teach(word.Name, embedding.Vectors));
            words[word.Name] = word.Hash;
        }
        catch (LowrankException error)
        {
            comments.Add($"The word {word.Name} is not used: {error.Message}");
        }
    }

    void Attach(StableDiffusion model, IWebUiFiles files, WebUiTag tag, IReadOnlyList<WebUiTag> tags, List<string> comments)
    {
        if (files.Adapter(tag.Name) is not { } path)
        {
            comments.Add($"There is no adapter {tag.Name}; it is passed over.");
            return;
        }
        // What is called twice is put on twice, both times by the last tag's numbers.
        var numbers = tags.Last(one => one.Name == tag.Name);
        using var file = WidenedAdapter.Open(path, model);
        var adapter = AdapterFile.Read(file, model.Describe(), allowUnmatched: true);
        held.Push(adapter);
        adapter.Train(false);
        var attachment = model.Describe().Attach(adapter, numbers.UNet);
        held.Push(attachment);
        foreach (string encoder in model.TextEncoder2 is null ? ["text_encoder"] : new[] { "text_encoder", "text_encoder_2" })
            attachment.SetStrength(encoder, numbers.TextEncoder);
        comments.AddRange(PassedOver.Sentences(adapter.PassedOver).Select(sentence => $"{tag.Name}: {sentence}"));
        string hash = WebUiAdapter.Of(path).ShortHash;
        hashes.Add((tag.Name, hash));
        foreach (var word in adapter.Embeddings)
        {
            held.Push(model.Teach(word.Name, word.Vectors));
            words[word.Name] = adapter.Name;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
