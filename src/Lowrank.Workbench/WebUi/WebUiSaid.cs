namespace Lowrank.Workbench;

/// <summary>The prompts of one pass of a web UI's job, and what pictures' texts tell of them.</summary>
sealed class WebUiSaid
{
    readonly GenerateOptions options;
    readonly PromptPass pass;

    /// <summary>Reads them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompt">What is said, without tags of adapters.</param>
    /// <param name="negative">What is said against.</param>
    /// <param name="pass">The evaluations that they are read for.</param>
    public WebUiSaid(WebUiRequest request, string prompt, string negative, PromptPass pass)
    {
        var settings = request.Options;
        this.pass = pass;
        options = new()
        {
            Prompt = prompt,
            NegativePrompt = negative,
            Syntax = new WebUiSyntax(settings.OldEditing),
            Encoding = new WebUiEncoding(settings.Emphasis, settings.Backtrack, settings.PadsConditions),
            ClipSkip = settings.ClipSkip,
            Guider = new ClassifierFreeGuidance(request.CfgScale),
            Steps = pass.Steps,
        };
    }

    /// <summary>What a model's text encoders say of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where encoders lie.</param>
    public RequestPrompts Encoded(StableDiffusion model, Device device) => RequestPrompts.Encode(model, options, device, pass);

    /// <summary>Tells what is worth telling.</summary>
    /// <param name="facts">What the pictures' texts tell.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="model">The model whose tokenizer reads them.</param>
    /// <param name="words">Words that were taught, with the digits that tell their files apart.</param>
    public void Tell(InfoFields facts, WebUiOptions settings, StableDiffusion model, IReadOnlyDictionary<string, string> words)
    {
        if (settings.OldEditing && ReadsOtherwise(options.Prompt) | ReadsOtherwise(options.NegativePrompt!))
            facts.Add("Old prompt editing timelines", true);
        var negative = options.Syntax.ReadNegative(options.NegativePrompt!, pass).Parts;
        var positive = options.Syntax.Read(options.Prompt, pass).Parts;
        IReadOnlyList<PromptPart> parts = [.. negative, .. positive];
        bool weighs = parts.SelectMany(part => part.Turns).Any(turn => turn.Text.AsSpan().ContainsAny('(', '['));
        if (weighs && settings.EmphasisName != "Original") facts.Add("Emphasis", settings.EmphasisName);
        bool pads = settings.PadsConditions && Chunks(negative) != Chunks(positive);
        if (pads) facts.Add("Pad conds", true);
        if (settings.TellsWords) TellWords(facts, model, parts, words);

        int Chunks(IReadOnlyList<PromptPart> some) =>
            options.Encoding.ChunksOf(model, [.. some.SelectMany(part => part.Turns).Select(turn => turn.Text)]);
    }

    bool ReadsOtherwise(string text) => !WebUiEdits.Read(text, pass, true).SequenceEqual(WebUiEdits.Read(text, pass, false));

    // Part by part, the later ones before the earlier; within a part in the order of chunks.
    void TellWords(InfoFields facts, StableDiffusion model, IReadOnlyList<PromptPart> parts, IReadOnlyDictionary<string, string> words)
    {
        var taught = model.Tokenizer.Taught.Where(word => words.ContainsKey(word.Name)).ToList();
        string? told = null;
        foreach (var part in parts.DistinctBy(part => string.Join('\n', part.Turns)))
        {
            var chunks = part.Turns.Select(turn => options.Encoding.Chunks(model.Tokenizer, turn.Text).Chunks).ToList();
            var ids = Enumerable.Range(0, chunks.Max(row => row.Count)).SelectMany(i =>
                chunks.Where(row => i < row.Count).SelectMany(row => row[i].Ids));
            var used = ids.Select(id => taught.Find(word => word.Ids[0] == id)?.Name).OfType<string>().Distinct();
            List<string> own = [.. used.Select(name => AdapterHashes.Format([new(name, words[name])]))];
            if (own.Count == 0) continue;
            if (told is not null) own.Add(told);
            told = string.Join(", ", own);
        }
        facts.Add("TI hashes", told);
    }
}
