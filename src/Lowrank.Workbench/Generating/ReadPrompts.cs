namespace Lowrank.Workbench;

/// <summary>The prompts of a request, read for each of its seeds.</summary>
sealed class ReadPrompts
{
    readonly PromptReading reading;
    readonly bool leavesComments, takesTags;
    readonly DynamicPrompts dynamic;
    readonly AdapterFolder? folder;
    readonly List<ReadPrompt> all = [], second = [];
    readonly SortedSet<string> told = new(StringComparer.Ordinal);

    ReadPrompts(PromptReading reading, PromptSyntax syntax)
    {
        this.reading = reading;
        (leavesComments, takesTags) = (reading.LeavesComments(syntax), reading.TakesTags(syntax));
        var wildcards = PromptReading.WildcardsOf(reading.Wildcards);
        dynamic = new(wildcards);
        told.UnionWith(wildcards.Unread.Select(unread => $"of the wildcards {unread}, and is not read"));
        folder = reading.Adapters is { } path ? new(path) : null;
    }

    /// <summary>One for each prompt and seed, in order.</summary>
    public IReadOnlyList<ReadPrompt> All => all;

    /// <summary>All texts that are encoded.</summary>
    public IEnumerable<string> Texts(GenerateOptions options)
    {
        IEnumerable<string> texts = all.Select(prompt => prompt.Text).Distinct();
        return options.Guider.AsksNegative && options.NegativePrompt is { Length: > 0 } negative ? texts.Append(negative) : texts;
    }

    /// <summary>What of the prompts was not used, and why.</summary>
    public IEnumerable<string> Told => told;

    /// <summary>The adapters of all, each as often as the prompt has it that names it most often.</summary>
    public IReadOnlyList<TaggedAdapter> Adapters
    {
        get
        {
            var most = new Dictionary<TaggedAdapter, int>();
            foreach (var own in all.Concat(second).SelectMany(prompt => prompt.Adapters.CountBy(adapter => adapter)))
                most[own.Key] = Math.Max(own.Value, most.GetValueOrDefault(own.Key));
            return [.. most.SelectMany(own => Enumerable.Repeat(own.Key, own.Value))];
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="LowrankException">One cannot be read, or names an adapter that is not found.</exception>
    public static ReadPrompts Of(GeneratingRequest request)
    {
        var prompts = new ReadPrompts(request.Reading, request.Options.Syntax);
        foreach (string prompt in request.Prompts)
            foreach (var (number, seed) in request.Seeds.Index())
                prompts.all.Add(prompts.Read(prompt, seed, request.SharesSeed ? request.Seeds[0] : seed) with { Number = number });
        // A second pass of the web UI's has adapters of its own.
        bool hasOwn = request.Options.Compat == Compat.WebUi && request.Options.Hires is { Prompt: not null };
        if (hasOwn) prompts.second.Add(prompts.Read(request.Options.Hires!.Prompt!, request.Seeds[0], request.Seeds[0]));
        return prompts;
    }

    // Chance goes by the picture's own number, also where pictures of a batch share a seed.
    ReadPrompt Read(string prompt, long chance, long seed)
    {
        string bare = leavesComments ? WebUiSyntax.WithoutComments(prompt) : prompt;
        string text = reading.Choices ? Chosen(bare, chance) : bare;
        if (!takesTags) return new(text, seed, []) { Tagged = text, Number = 0 };
        var tags = PromptTags.Read(text);
        told.UnionWith(tags.Others.Select(tag => $"{tag} names nothing that there is here, and is left out"));
        return new(tags.Prompt, seed, AdaptersOf(tags, chance)) { Tagged = text, Number = 0 };
    }

    string Chosen(string prompt, long seed)
    {
        var outcome = dynamic.Draw(prompt, seed);
        told.UnionWith(outcome.Missing.Select(name => $"there is no wildcard {name}: the prompt holds its name as it stands"));
        return outcome.Prompts.Single();
    }

    IReadOnlyList<TaggedAdapter> AdaptersOf(PromptTags tags, long seed)
    {
        IReadOnlyList<AdapterTag> named;
        try
        {
            named = reading.Lenient ? [.. tags.Adapters.Select(tag => tag.ForWebUi())] : tags.Adapters;
        }
        catch (LowrankException error) when (reading.Lenient)
        {
            told.Add($"no adapter of the prompt works: {error.Message}");
            return [];
        }
        if (named.Count == 0) return [];
        if (folder is null && reading.Lenient)
        {
            told.UnionWith(named.Select(tag => $"the adapter {tag.Name} is left out: no folder of adapters was given (--adapters-dir)"));
            return [];
        }
        if (folder is null)
            throw new LowrankException(
                $"The prompt names the adapter {named[0].Name}, and no folder of adapters was given. Give one (--adapters-dir).");
        var missing = new List<string>();
        var heeded = reading.Lenient ? AdapterTag.Settled(named) : named;
        var chosen = folder.Choose(heeded, reading.Lenient ? missing : null, seed);
        told.UnionWith(missing.Select(name => $"the adapter {name} is not found, and is left out"));
        return chosen;
    }
}
