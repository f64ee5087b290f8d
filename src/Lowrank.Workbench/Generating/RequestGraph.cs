using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>Writes the ComfyUI graph that draws a picture of a request, as its server takes it.</summary>
/// <remarks>
/// With <see cref="Compat.ComfyUi"/> it draws the same picture; what graphs cannot say is told by <see cref="GraphOmissions"/>. Files are
/// named as ComfyUI's folders hold them.
/// </remarks>
sealed class RequestGraph
{
    // ComfyUI's LatentUpscale makes no side smaller.
    const int SmallestUpscale = 64;

    readonly GeneratingRequest request;
    readonly StableDiffusion model;
    readonly (int Width, int Height) size;
    readonly GraphedSampling first;
    readonly GraphedSampling? second;

    /// <summary>Looks whether ComfyUI can draw as the request asks.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The base.</param>
    /// <param name="size">Width and height of the first pass.</param>
    /// <exception cref="LowrankException">It has no such sampler or schedule.</exception>
    public RequestGraph(GeneratingRequest request, StableDiffusion model, (int Width, int Height) size)
    {
        (this.request, this.model, this.size) = (request, model, size);
        first = GraphedSampling.Of(model, request.Options, request.Change?.Strength ?? 1, Way());
        if (request.Options.Hires is not { } hires) return;
        var pass = hires.PassOver(request.Options);
        second = GraphedSampling.Of(model, pass, hires.Strength, pass.StrengthRule.Of(pass.Steps, hires.Strength));
    }

    (int Scheduled, int Skipped) Way() =>
        request.Change is { } change ? Options.StrengthRule.Of(Options.Steps, change.Strength) : (Options.Steps, 0);

    GenerateOptions Options => request.Options;

    // A batch of one seed is one graph's, which each of its pictures holds.
    int BatchSize => request.SharesSeed && Options.Compat.BatchSeeds == BatchSeeds.One ? request.Seeds.Count : 1;

    bool ShowsMask => RefinerOptions.ShowsMask(model);

    /// <summary>Tells what the graphs name their files, and what they cannot say.</summary>
    /// <param name="prompts">The request's prompts, read.</param>
    /// <param name="words">Learnt words in them; null for none.</param>
    /// <param name="account">Where it is told.</param>
    public void Tell(IReadOnlyList<ReadPrompt> prompts, TaughtWords? words, Account account)
    {
        string files = string.Join(", ", Files(prompts));
        account.Takes("graph", $"the graphs in the pictures find their files by name, where ComfyUI has them: {files}");
        if (Options.Compat != Compat.ComfyUi)
            account.Takes("graph", "the graphs draw as ComfyUI does: with `compat` comfyui Lowrank draws the same");
        if (BatchSize > 1) account.Takes("graph", $"each graph draws the whole batch of {BatchSize}, of which its picture is one");
        foreach (string omitted in GraphOmissions.Of(request, prompts, words?.Names ?? []))
            account.Leaves("graph", $"a graph cannot say {omitted}");
    }

    // Each with the folder that ComfyUI looks for it in.
    IEnumerable<string> Files(IEnumerable<ReadPrompt> prompts)
    {
        yield return $"{(Directory.Exists(request.Model) ? "diffusers" : "checkpoints")}/{GraphedFile.NameOf(request.Model)}";
        var adapters = request.Adapters.Concat(prompts.SelectMany(prompt => prompt.Adapters)).Where(adapter => !adapter.IsIdle);
        foreach (string path in adapters.Select(adapter => adapter.Path).Distinct())
            yield return $"loras/{GraphedFile.NameOfAdapter(path)}";
        if (request.Vae is { } vae) yield return $"vae/{GraphedFile.NameOf(vae)}";
        foreach (string path in request.Change?.Files ?? []) yield return $"input/{GraphedFile.NameOf(path)}";
    }

    /// <summary>The picture with the graph that draws it among its texts.</summary>
    public Picture Embedded(Picture picture, ReadPrompt prompt) => new(picture.Width, picture.Height, picture.Pixels)
    {
        InfoText = picture.InfoText,
        OtherTexts = [.. picture.OtherTexts, new("prompt", PythonJson.Write(Of(prompt).Written()))],
    };

    /// <summary>The graph of one prompt and seed.</summary>
    public ApiGraph Of(ReadPrompt prompt)
    {
        var draft = new GraphDraft();
        var (network, encoders, vae) = Loaded(draft, prompt);
        var positive = Said(draft, encoders, prompt.Text);
        var negative = Negative(draft, encoders, prompt.Negative);
        var told = new SampledInputs(network, positive, negative, Latents: positive);
        var start = GraphedStart.Add(draft, BatchSize, request.Change, size, vae, told, ShowsMask);
        var latents = first.Add(draft, prompt.Seed, start.Inputs);
        if (second is not null) latents = SecondPass(draft, prompt, told with { Latents = latents }, encoders, vae);
        var picture = draft.Add("VAEDecode", ("samples", latents), ("vae", vae));
        // What was not to be changed is put back, pixel by pixel.
        bool putsBack = second is null && start.Mask is not null;
        if (putsBack)
            picture = draft.Add("ImageCompositeMasked", ("destination", start.Picture!), ("source", picture), ("x", 0), ("y", 0),
                ("resize_source", false), ("mask", start.Mask!));
        draft.Add("SaveImage", ("images", picture), ("filename_prefix", "lowrank"));
        return draft.Graph;
    }

    (GraphLink Network, GraphLink Encoders, GraphLink Vae) Loaded(GraphDraft draft, ReadPrompt prompt)
    {
        string name = GraphedFile.NameOf(request.Model);
        var loaded = Directory.Exists(request.Model)
            ? draft.Add("DiffusersLoader", ("model_path", name))
            : draft.Add("CheckpointLoaderSimple", ("ckpt_name", name));
        var (network, encoders) = (loaded, loaded with { Slot = 1 });
        foreach (var adapter in request.Adapters.Concat(prompt.Adapters).Where(adapter => !adapter.IsIdle))
        {
            double text = adapter is TaggedAdapter tagged ? tagged.Tag.TextStrength : adapter.Strength;
            network = draft.Add("LoraLoader", ("model", network), ("clip", encoders),
                ("lora_name", GraphedFile.NameOfAdapter(adapter.Path)),
                ("strength_model", adapter.Strength), ("strength_clip", text));
            encoders = network with { Slot = 1 };
        }
        bool readsEarlier = Options.ClipSkip > 1 && !(Options.Encoding is PlainEncoding && StableDiffusionFamilies.IsLarge(model.Family));
        if (readsEarlier) encoders = draft.Add("CLIPSetLastLayer", ("clip", encoders), ("stop_at_clip_layer", -Options.ClipSkip));
        var vae = request.Vae is { } own ? draft.Add("VAELoader", ("vae_name", GraphedFile.NameOf(own))) : loaded with { Slot = 2 };
        return (Changed(draft, network), encoders, vae);
    }

    // What is done otherwise inside of the network, and with its answers.
    GraphLink Changed(GraphDraft draft, GraphLink network)
    {
        var scheduler = model.Scheduler;
        bool saysPrediction = request.ModelOptions.Prediction is not null || scheduler.Prediction != PredictionType.Epsilon
            || scheduler.RescaleBetasZeroSnr;
        if (saysPrediction)
            network = draft.Add("ModelSamplingDiscrete", ("model", network), ("sampling", WordOf(scheduler.Prediction)),
                ("zsnr", scheduler.RescaleBetasZeroSnr));
        if (Options.FreeU is { } free)
            network = draft.Add(free.FollowsContent ? "FreeU_V2" : "FreeU", ("model", network), ("b1", free.Backbone1),
                ("b2", free.Backbone2), ("s1", free.Skip1), ("s2", free.Skip2));
        if (Options.GuidanceRescale > 0)
            network = draft.Add("RescaleCFG", ("model", network), ("multiplier", Options.GuidanceRescale));
        return Options.PerturbedScale == 0 ? network
            : draft.Add("PerturbedAttentionGuidance", ("model", network), ("scale", Options.PerturbedScale));
    }

    static string WordOf(PredictionType prediction) => prediction switch
    {
        PredictionType.Velocity => "v_prediction",
        PredictionType.Sample => "x0",
        _ => "eps",
    };

    GraphLink Said(GraphDraft draft, GraphLink encoders, string text) =>
        draft.Add("CLIPTextEncode", ("text", Options.Encoding is PlainEncoding ? Escaped(text) : text), ("clip", encoders));

    // ComfyUI's signs in a text that has none.
    static string Escaped(string text) =>
        text.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);

    GraphLink Negative(GraphDraft draft, GraphLink encoders, string? negative)
    {
        var said = Said(draft, encoders, negative ?? "");
        return Options.Encoding.TakesZeros(model, negative) ? draft.Add("ConditioningZeroOut", ("conditioning", said)) : said;
    }

    GraphLink SecondPass(GraphDraft draft, ReadPrompt prompt, SampledInputs told, GraphLink encoders, GraphLink vae)
    {
        var hires = Options.Hires!;
        var (width, height) = hires.SizeOf(size.Width, size.Height, model.VaeConfig.Factor);
        var larger = hires.EnlargesLatents ? LargerLatents() : LargerPicture();
        var positive = prompt.Second is { } other ? Said(draft, encoders, other.Text) : told.Positive;
        return second!.Add(draft, prompt.Seed, told with { Positive = positive, Latents = larger });

        GraphLink LargerLatents()
        {
            string method = hires.Upscaler == "nearest" ? "nearest-exact" : hires.Upscaler;
            if (Math.Min(width, height) >= SmallestUpscale)
                return draft.Add("LatentUpscale", ("samples", told.Latents), ("upscale_method", method), ("width", width),
                    ("height", height), ("crop", "disabled"));
            return draft.Add("LatentUpscaleBy", ("samples", told.Latents), ("upscale_method", method),
                ("scale_by", (double)width / size.Width));
        }

        GraphLink LargerPicture()
        {
            var picture = draft.Add("VAEDecode", ("samples", told.Latents), ("vae", vae));
            string method = hires.Upscaler.Equals("Nearest", StringComparison.OrdinalIgnoreCase) ? "nearest-exact" : "lanczos";
            var scaled = draft.Add("ImageScale", ("image", picture), ("upscale_method", method), ("width", width), ("height", height),
                ("crop", "disabled"));
            return draft.Add("VAEEncode", ("pixels", scaled), ("vae", vae));
        }
    }
}
