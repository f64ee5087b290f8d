namespace Lowrank.Workbench;

/// <summary>What is taken of a request for pictures, and what is not.</summary>
static class GeneratingAccount
{
    /// <summary>Looks at model, adapters, prompts and settings.</summary>
    public static Account Of(GeneratingRequest request, ReadPrompts prompts, StableDiffusion model, RequestAdapters attached)
    {
        var (account, adapters) = (new Account(), attached.Base);
        account.Add(request.Known);
        foreach (var note in model.Notes) account.Leaves("base_model", note);
        foreach (var note in adapters.Notes) account.Leaves("adapters", note);
        foreach (var unused in PassedOver.Sentences(adapters.PassedOver)) account.Leaves("adapters", $"not used: {unused}");
        var options = request.Options;
        bool guides = options.Guider.AsksNegative;
        string[] negative = options.NegativePrompt is { Length: > 0 } text ? [text] : [];
        foreach (string told in prompts.Told) account.Leaves("prompts", told);
        AddTexts(prompts.Texts(options), options, model, account);
        if (options.Syntax is WebUiSyntax)
            foreach (string remark in prompts.Positive.SelectMany(WebUiSyntax.JoinRemarks).Distinct()) account.Leaves("prompts", remark);
        string guidance = Quantity.Number(options.GuidanceScale);
        if (negative.Length > 0 && !guides)
            account.Leaves("idle_negative", $"the negative prompt is not used: guidance is {guidance}, at which none is asked");
        if (options.ClipSkip > 1 && !options.Encoding.Heeds(model, options.ClipSkip))
            account.Leaves("idle_clip_skip", $"`clip skip` is {options.ClipSkip} and changes nothing: " +
                "this model's encoders are read at the same layer without it");
        AddPreview(request, model, account);
        AddSampling(options, account);
        AddAdapters(request, prompts, account);
        AddWords(request, prompts, adapters, account);
        AddRepeats(request, account);
        AddChoices(request, prompts, account);
        AddFolders(request, prompts, attached, account);
        AddSize(request, model, account);
        foreach (string unreached in WalkedSteps.Unreached(request, model, [.. request.Adapters, .. prompts.Adapters]))
            account.Leaves("idle_adapter", unreached);
        foreach (string unsaid in WalkedSteps.Unsaid(request, model, prompts)) account.Leaves("prompts", unsaid);
        return account;
    }

    static void AddPreview(GeneratingRequest request, StableDiffusion model, Account account)
    {
        if (request.PreviewModel is { } small && request.PreviewEvery == 0)
            account.Leaves("idle_preview_model", $"{small} is not used: no preview is asked for");
        if (request.PreviewEvery > 0 && request.PreviewEvery >= WalkedSteps.Most(request, model))
            account.Leaves("idle_preview", $"`preview` is {request.PreviewEvery}, and no pass has more steps: none is shown");
    }

    static void AddSampling(GenerateOptions options, Account account)
    {
        if (options.Variation is { Strength: not 0, Seeds.Count: 0 })
            account.Takes("variation_seed", "no `variation seed` is given: the noise of seed 0 is mixed in");
        if (options.Sampler is { } name)
        {
            var sampler = SamplerLabel.SamplerOf(name);
            foreach (string idle in sampler.NotHeeded(options.SamplerOptions))
                account.Leaves("idle_sampler_option", $"the sampler option {idle} is not used: {sampler.Name} does not know it");
        }
        if (options.Variation.SeedDelta != 0 && !options.DrawsOnTheWay)
            account.Leaves("idle_ensd", $"the delta of seeds (ENSD) is not used: {options.Sampler ?? "the model's sampler"} " +
                "draws no noise on the way, so that nothing is drawn after the first");
    }

    // A prompt's own work beside those that all pictures have.
    static void AddAdapters(GeneratingRequest request, ReadPrompts prompts, Account account)
    {
        foreach (string idle in AdapterChoice.Idle(request.Adapters)) account.Leaves("idle_adapter", idle);
        var together = prompts.Heeded.Select(prompt => request.Adapters.Concat(prompt.Adapters));
        foreach (string repeated in together.SelectMany(AdapterChoice.Repeated).Distinct()) account.Takes("adapters", repeated);
    }

    // A file of words alone works where a prompt says one; in a grid, other cells may.
    static void AddWords(GeneratingRequest request, ReadPrompts prompts, AttachedAdapters adapters, Account account)
    {
        if (request.IsCell) return;
        foreach (var adapter in adapters.All.Where(one => one.HoldsWordsAlone))
        {
            bool isSaid = adapter.Words.Any(word => prompts.Written.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
            if (isSaid) continue;
            account.Leaves("idle_adapter", $"{adapter.Choice.Path} holds no layers but the learnt {Listing.Of([.. adapter.Words])}, " +
                "which no prompt says: it changes nothing");
        }
    }

    static void AddRepeats(GeneratingRequest request, Account account)
    {
        foreach (var (seed, times) in request.Seeds.CountBy(seed => seed).Where(seed => seed.Value > 1))
            account.Takes("seeds", $"the seed {Seeds.Text(seed)} is given {times} times, and each of them is drawn");
        foreach (var (prompt, times) in request.Prompts.CountBy(prompt => prompt).Where(prompt => prompt.Value > 1))
            account.Takes("prompts", $"the prompt \"{prompt}\" is given {times} times, and each of them is drawn");
    }

    // In a grid, other cells may choose.
    static void AddChoices(GeneratingRequest request, ReadPrompts prompts, Account account)
    {
        if (request.IsCell || !request.Reading.Choices) return;
        if (!prompts.HaveChoices) account.Leaves("idle_dynamic", $"`dynamic` chooses nothing: {PromptReading.NoChoices}");
        else if (request.Reading.Wildcards is { } folder && !prompts.NameWildcards)
            account.Leaves("idle_wildcards_dir", $"the folder of wildcards {folder} is not used: no prompt names one of it");
    }

    // In a grid, other cells may use them.
    static void AddFolders(GeneratingRequest request, ReadPrompts prompts, RequestAdapters attached, Account account)
    {
        if (request.IsCell) return;
        bool isOfUse = prompts.NameAdapters || request.Adapters.Any(one => IsIn(request.Reading.Adapters, one.Path));
        if (request.Reading.Adapters is { } adapters && !isOfUse)
            account.Leaves("idle_adapters_dir", $"the folder of adapters {adapters} is not used: no prompt names one of it");
        if (request.Reading.Words is { } folder && attached.Words is { Names.Count: 0 })
            account.Leaves("idle_embeddings_dir", $"the folder of learnt words {folder} is not used: no prompt says one of them");
    }

    static bool IsIn(string? folder, string path) =>
        folder is not null && InsideFolder.Fault(folder, Path.GetFullPath(path), takesWhole: true) is null;

    // A step's work grows with the pixels, and that of attention with their square.
    static void AddSize(GeneratingRequest request, StableDiffusion model, Account account)
    {
        var (width, height) = request.Options.SizeOn(model);
        int own = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
        // Of a picture that is changed the size is known where it is read.
        if (request.Change is null) AddHires(request.Options.Hires, width, height, model.VaeConfig.Factor, account);
        double times = width * (double)height / ((double)own * own);
        if (times <= MostTimes) return;
        account.Takes("size", $"{width}x{height} are {Quantity.Number(Math.Round(times))} times the pixels that this model was made for " +
            $"({own}x{own}): a step takes more than as many times as long, and what is drawn repeats itself. A smaller size, enlarged " +
            "by `hires`, shows one thing");
    }

    static void AddHires(HiresOptions? hires, int width, int height, int factor, Account account)
    {
        if (hires is null) return;
        var asked = (Width: (int)(width * hires.Scale), Height: (int)(height * hires.Scale));
        var drawn = hires.SizeOf(width, height, factor);
        if (asked == drawn) return;
        string enlarged = $"{width}x{height} enlarged {Quantity.Number(hires.Scale)} times is {asked.Width}x{asked.Height}";
        account.Takes("hires_size", $"{enlarged}, and is cut to {drawn.Width}x{drawn.Height}: sides are multiples of {factor}");
    }

    // Four times the side.
    const double MostTimes = 16;

    // Of plain texts signs are told, and where they are cut; other programs tell what they leave out.
    static void AddTexts(IEnumerable<string> texts, GenerateOptions options, StableDiffusion model, Account account)
    {
        Leave(texts.SelectMany(PromptTags.Open));
        var tags = texts.SelectMany(text => PromptTags.Read(text).Tags);
        if (options.Syntax is not WebUiSyntax && tags.FirstOrDefault(tag => tag.NamesAdapter) is { } tag)
            account.Leaves("prompts_tags", $"{tag} is read as words, and no adapter works by it: give the folder that holds it " +
                "(`adapters dir`), or the file itself (`adapter`)");
        if (options.Encoding is PlainEncoding)
        {
            PromptAccount.Add(model, texts, options.MaxTokens, account);
            return;
        }
        PromptAccount.AddSigns(texts.SelectMany(options.Encoding.PlainSigns), account);
        if (options.Syntax is WebUiSyntax)
            Leave(texts.SelectMany(text => PromptBrackets.Remarks(text).Concat(PromptNumbers.InWebUi(text))));
        Leave(texts.SelectMany(text => options.Encoding.Remarks(model.Tokenizer, text)));

        void Leave(IEnumerable<string> remarks)
        {
            foreach (string remark in remarks.Distinct()) account.Leaves("prompts", remark);
        }
    }
}
