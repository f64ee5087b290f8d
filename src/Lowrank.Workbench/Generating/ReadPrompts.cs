namespace Lowrank.Workbench;

/// <summary>The prompts of a request, read for each of its seeds.</summary>
sealed class ReadPrompts
{
    readonly PromptReading reading;
    readonly bool leavesComments, takesTags;
    readonly DynamicPrompts dynamic;
    readonly AdapterFolder? folder;
    readonly bool secondHasOwn;
    readonly List<ReadPrompt> all = [];
    readonly SortedSet<string> told = new(StringComparer.Ordinal);

    ReadPrompts(PromptReading reading, PromptSyntax syntax, bool secondHasOwn)
    {
        this.secondHasOwn = secondHasOwn;
        this.reading = reading;
        (leavesComments, takesTags) = (reading.LeavesComments(syntax), reading.TakesTags(syntax));
        var wildcards = PromptReading.WildcardsOf(reading.Wildcards);
        dynamic = new(wildcards);
        told.UnionWith(PromptReading.UnreadOf(wildcards));
        folder = reading.Adapters is { } path ? new(path) : null;
    }

    /// <summary>One for each prompt and seed, in order.</summary>
    public IReadOnlyList<ReadPrompt> All => all;

    /// <summary>All texts that are encoded.</summary>
    public IEnumerable<string> Texts(GenerateOptions options) =>
        (options.Guider.AsksNegative ? Written : Positive).Distinct();

    /// <summary>All texts, also those that guidance does not ask for.</summary>
    public IEnumerable<string> Written => Positive.Concat(all.Select(prompt => prompt.Negative ?? "").Where(text => text.Length > 0));

    /// <summary>The prompts of all, and those of second passes.</summary>
    public IEnumerable<string> Positive =>
        all.Select(prompt => prompt.Text).Concat(all.Select(prompt => prompt.Second?.Text).OfType<string>());

    /// <summary>Whether a prompt names an adapter, found or not.</summary>
    public bool NameAdapters { get; private set; }

    /// <summary>Whether a prompt leaves something to be chosen, and whether a wildcard is among it.</summary>
    public bool HaveChoices { get; private set; }

    /// <inheritdoc cref="HaveChoices"/>
    public bool NameWildcards { get; private set; }

    /// <summary>What of the prompts was not used, and why.</summary>
    public IEnumerable<string> Told => told;

    /// <summary>The adapters of all, each as often as the prompt has it that names it most often.</summary>
    public IReadOnlyList<TaggedAdapter> Adapters
    {
        get
        {
            var most = new Dictionary<TaggedAdapter, int>();
            foreach (var own in Heeded.SelectMany(prompt => prompt.Adapters.CountBy(adapter => adapter)))
                most[own.Key] = Math.Max(own.Value, most.GetValueOrDefault(own.Key));
            return [.. most.SelectMany(own => Enumerable.Repeat(own.Key, own.Value))];
        }
    }

    /// <summary>Those whose adapters work: of a second pass's prompts where it has its own.</summary>
    public IEnumerable<ReadPrompt> Heeded =>
        secondHasOwn ? all.Concat(all.Select(prompt => prompt.Second).OfType<ReadPrompt>()) : all;

    /// <summary>Reads them.</summary>
    /// <exception cref="LowrankException">One cannot be read, or names an adapter that is not found.</exception>
    public static ReadPrompts Of(GeneratingRequest request)
    {
        var prompts = new ReadPrompts(request.Reading, request.Options.Syntax, request.Options.Compat.SecondPassHasAdapters);
        foreach (var (index, prompt) in request.Prompts.Index())
        {
            string? place = request.Prompts.Count == 1 ? null : $"Prompt {index + 1} of {request.Prompts.Count} (\"{prompt}\")";
            for (int number = 0; number < request.Seeds.Count; number++)
                prompts.all.Add(LinedRequest.Located(place, () => prompts.Whole(prompt, request, number)));
        }
        return prompts;
    }

    // Chance goes by the picture's own number, also where pictures of a batch share a seed.
    ReadPrompt Whole(string prompt, GeneratingRequest request, int number)
    {
        long chance = request.Seeds[number], seed = request.SharesSeed ? request.Seeds[0] : chance;
        var first = Read(prompt, chance, seed);
        var second = request.Options.Hires?.Prompt is { } other ? Read(other, chance, seed) : null;
        if (second is not null && !secondHasOwn) TellOfSecond(first, second);
        string? negative = request.Options.NegativePrompt is { } against ? Chosen(against, chance) : null;
        return first with { Number = number, Negative = negative, Second = second };
    }

    void TellOfSecond(ReadPrompt first, ReadPrompt second) =>
        told.UnionWith(second.Adapters.Except(first.Adapters).Select(adapter =>
            $"{adapter.Path} of the second pass's prompt is not used: the adapters of the first prompt work in both passes " +
            "(in `compat` a1111 each pass has its own)"));

    ReadPrompt Read(string prompt, long chance, long seed)
    {
        string text = Chosen(prompt, chance);
        if (!takesTags) return new(text, seed, []) { Tagged = text, Number = 0 };
        var tags = PromptTags.Read(text);
        told.UnionWith(tags.Others.Select(tag => $"{tag} names nothing that there is here, and is left out"));
        return new(tags.Prompt, seed, AdaptersOf(tags, chance)) { Tagged = text, Number = 0 };
    }

    // Comments taken out, choices made.
    string Chosen(string prompt, long seed)
    {
        // As a picture's text brings them back.
        prompt = prompt.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (leavesComments) prompt = WebUiSyntax.WithoutComments(prompt);
        if (!reading.Choices) return prompt;
        HaveChoices |= DynamicPrompts.HasSigns(prompt);
        NameWildcards |= DynamicPrompts.NamesWildcard(prompt);
        var outcome = dynamic.Draw(prompt, seed);
        told.UnionWith(outcome.Remarks);
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
        NameAdapters = true;
        if (folder is null && reading.Lenient)
        {
            told.UnionWith(named.Select(tag => $"the adapter {tag.Name} is left out: no folder of adapters was given (`adapters dir`)"));
            return [];
        }
        if (folder is null)
            throw new LowrankException(
                $"The prompt names the adapter {named[0].Name}, and no folder of adapters was given. Give one (`adapters dir`).");
        var missing = new List<string>();
        var heeded = reading.Lenient ? AdapterTag.Settled(named) : named;
        var chosen = folder.Choose(heeded, reading.Lenient ? missing : null, seed);
        told.UnionWith(missing.Select(name => $"the adapter {name} is not found, and is left out"));
        return chosen;
    }
}
