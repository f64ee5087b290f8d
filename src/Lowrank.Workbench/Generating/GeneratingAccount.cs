namespace Lowrank.Workbench;

/// <summary>What is taken of a request for pictures, and what is not.</summary>
static class GeneratingAccount
{
    /// <summary>Looks at model, adapters, prompts and settings.</summary>
    public static Account Of(GeneratingRequest request, ReadPrompts prompts, StableDiffusion model, AttachedAdapters adapters)
    {
        var account = new Account();
        account.Add(request.Known);
        foreach (var note in model.Notes) account.Leaves("base_model", note);
        foreach (var note in adapters.Notes) account.Leaves("adapters", note);
        foreach (var unused in PassedOver.Sentences(adapters.PassedOver)) account.Leaves("adapters", $"not used: {unused}");
        var options = request.Options;
        bool guides = options.Guider.AsksNegative;
        string[] negative = options.NegativePrompt is { Length: > 0 } text ? [text] : [];
        foreach (string told in prompts.Told) account.Leaves("prompts", told);
        AddTexts(prompts.Texts(options), options, model, account);
        string guidance = Quantity.Number(options.GuidanceScale);
        if (negative.Length > 0 && !guides)
            account.Leaves("idle_negative", $"the negative prompt is not used: guidance is {guidance}, at which none is asked");
        if (options.ClipSkip > 1 && !options.Encoding.Heeds(model, options.ClipSkip))
            account.Leaves("idle_clip_skip", $"clip-skip is {options.ClipSkip} and changes nothing: " +
                "this model's encoders are read at the same layer without it");
        if (request.PreviewModel is { } small && request.PreviewEvery == 0)
            account.Leaves("idle_preview_model", $"{small} is not used: no preview is asked for");
        AddSampling(options, account);
        AddAdapters(request, account);
        foreach (string unreached in WalkedSteps.Unreached(request, model, [.. request.Adapters, .. prompts.Adapters]))
            account.Leaves("idle_adapter", unreached);
        return account;
    }

    static void AddSampling(GenerateOptions options, Account account)
    {
        if (options.Sampler is { } name)
        {
            var sampler = Samplers.Named(SamplerLabel.Read(name).Sampler);
            foreach (string idle in sampler.NotHeeded(options.SamplerOptions))
                account.Leaves("idle_sampler_option", $"the sampler option {idle} is not used: {sampler.Name} does not know it");
        }
        if (options.Variation.SeedDelta != 0 && !options.DrawsOnTheWay)
            account.Leaves("idle_ensd", $"the delta of seeds (ENSD) is not used: {options.Sampler ?? "the model's sampler"} " +
                "draws no noise on the way, so that nothing is drawn after the first");
    }

    static void AddAdapters(GeneratingRequest request, Account account)
    {
        foreach (string idle in AdapterChoice.Idle(request.Adapters)) account.Leaves("idle_adapter", idle);
        foreach (string repeated in AdapterChoice.Repeated(request.Adapters)) account.Takes("adapters", repeated);
    }

    // Of plain texts signs are told, and where they are cut; other programs tell what they leave out.
    static void AddTexts(IEnumerable<string> texts, GenerateOptions options, StableDiffusion model, Account account)
    {
        Leave(texts.SelectMany(PromptTags.Open));
        if (options.Encoding is PlainEncoding)
        {
            PromptAccount.Add(model, texts, options.MaxTokens, account);
            if (texts.SelectMany(text => PromptTags.Read(text).Tags).FirstOrDefault(tag => tag.Kind is "lora" or "lyco") is { } tag)
                account.Leaves("prompts_tags", $"{tag} is read as words, and no adapter works by it: give the folder that holds it " +
                    "(--adapters-dir), or the file itself (--adapter)");
            return;
        }
        if (options.Syntax is WebUiSyntax)
            Leave(texts.SelectMany(text => PromptBrackets.Remarks(text).Concat(PromptNumbers.InWebUi(text))));
        Leave(texts.SelectMany(text => options.Encoding.Remarks(model.Tokenizer, text)));

        void Leave(IEnumerable<string> remarks)
        {
            foreach (string remark in remarks.Distinct()) account.Leaves("prompts", remark);
        }
    }
}
