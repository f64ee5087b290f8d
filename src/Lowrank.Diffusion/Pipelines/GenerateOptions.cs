using System.Diagnostics.CodeAnalysis;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>What pictures are asked for, and how they are to be made.</summary>
public sealed record GenerateOptions
{
    /// <summary>A picture for each; the same number of <see cref="ImagesPerPrompt"/> for each.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [""];

    /// <summary>The one prompt, where there is but one.</summary>
    public string Prompt { get => Prompts[0]; init => Prompts = [value]; }

    /// <summary>What pictures should not show; null means none, which XL takes for zeros and others for the empty text.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>A negative prompt for each prompt, in place of the one for all.</summary>
    public IReadOnlyList<string>? NegativePrompts { get; init; }

    /// <summary>For XL's second text encoder, one for each prompt; null means the same as <see cref="Prompts"/>.</summary>
    public IReadOnlyList<string>? SecondPrompts { get; init; }

    /// <summary>
    /// For XL's second text encoder, one for each prompt; null means the same as the first one's. Heeded only where there is a negative
    /// prompt.
    /// </summary>
    public IReadOnlyList<string>? SecondNegativePrompts { get; init; }

    /// <summary>How prompts say several things, on the way or side by side; null sets the program's own way.</summary>
    [AllowNull]
    public PromptSyntax Syntax { get => field ?? Compat.Prompts.Syntax; init; }

    /// <summary>In whose way pictures are made where programs differ; Lowrank's own unless another is given.</summary>
    public Compat Compat { get; init; } = Compat.None;

    /// <summary>How a prompt's text becomes what the network is told; null sets the program's own way.</summary>
    [AllowNull]
    public PromptEncoding Encoding { get => field ?? Compat.Prompts.Encoding(MaxTokens); init; }

    /// <summary>Whether prompts stay written as they are where another program is chosen (<see cref="In"/>).</summary>
    public bool KeepsPrompts { get; init; }

    /// <summary>Tokens of a prompt that are read where nobody says.</summary>
    public const int UsualMaxTokens = PlainEncoding.UsualMaxTokens;

    /// <summary>
    /// Most tokens that are read of a plain prompt, a multiple of 75: longer ones than 75 are encoded in pieces, as web UIs do, all of a
    /// request in as many as the longest needs. <see cref="PromptLength.CutIn"/> tells what is cut.
    /// </summary>
    public int MaxTokens { get; init; } = UsualMaxTokens;

    /// <summary>Pictures of each prompt, from 1.</summary>
    public int ImagesPerPrompt { get; init; } = 1;

    /// <summary>Pixels across, a multiple of the autoencoder's factor (8); null means the model's own size.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels down, a multiple of the autoencoder's factor (8); null means the model's own size.</summary>
    public int? Height { get; init; }

    /// <summary>Sampling steps, 1 to 1000; default 20.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>What sampling begins with; noise unless another start is given.</summary>
    public LatentStart Start { get; init; } = LatentStart.Noise;

    /// <summary>
    /// How many of the steps are walked where sampling begins with a picture; the program's own rule unless another is given.
    /// </summary>
    public StrengthRule StrengthRule { get => field ?? Compat.StrengthRule; init; }

    /// <summary>A second pass at a larger size; null for none.</summary>
    public HiresOptions? Hires { get; init; }

    /// <summary>A model that takes over on the way, of a request with a second pass in that one; null for none.</summary>
    public RefinerOptions? Refiner { get; init; }

    /// <summary>
    /// The autoencoder in place of the model's own; the caller's. One that is a decoder alone decodes, and the model's own encodes.
    /// </summary>
    public Autoencoder? Vae { get; init; }

    /// <summary>Whether autoencoders work in tiles; where memory does not suffice, unless it is said.</summary>
    public TilingChoice Tiling { get; init; } = TilingChoice.Auto;

    /// <summary>
    /// How strongly the prompt is followed; 1 and less turns guidance and the negative prompt off, and halves the work. Default 7.
    /// </summary>
    public double GuidanceScale { get; init; } = 7;

    /// <summary>
    /// Share in which a guided answer is brought back to the prompt's own contrast (Lin et al. 2023, arXiv:2305.08891, section 3.4), 0 to
    /// 1. For programs that draw with models of zero terminal SNR, which want 0.7; the command line leaves it at 0.
    /// </summary>
    public double GuidanceRescale { get; init; }

    /// <summary>What strengthens the network's backbone; null for nothing.</summary>
    public FreeU? FreeU { get; init; }

    /// <summary>Strength of guidance by perturbed attention, beside the usual one, from 0; 0 for none, 3 is usual.</summary>
    public double PerturbedScale { get; init; }

    /// <summary>
    /// How the network is asked about the prompts; unless one is given, <see cref="Guider.Usual"/> of these two, as the sampler wants it.
    /// </summary>
    public Guider Guider { get => field ?? UsualGuider(); init; }

    /// <summary>Name of a sampler of <see cref="Samplers.All"/>; null means what the model's scheduler config says.</summary>
    public string? Sampler { get; init; } = "dpm++2m";

    /// <summary>Name of a schedule of <see cref="Schedules.All"/>; null means the sampler's own (karras for dpm++2m).</summary>
    public string? Schedule { get; init; }

    /// <summary>Scheduler settings in place of the model's own.</summary>
    public SchedulerConfig? Scheduler { get; init; }

    /// <summary>
    /// Whether levels of noise are computed in float16, as AUTOMATIC1111 did before 1.7 ("Downcast alphas_cumprod").
    /// </summary>
    public bool DowncastsAlphas { get; init; }

    /// <summary>
    /// Whether levels of noise are stretched to end in all but pure noise ("Noise schedule for sampling: Zero Terminal SNR").
    /// </summary>
    public bool ZeroTerminalSnr { get; init; }

    /// <summary>Further settings of the sampler.</summary>
    public SamplerOptions SamplerOptions { get; init; } = SamplerOptions.Default;

    /// <summary>A seed for each picture; or one, which later pictures count up from; or none, which draws one.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>What turns seeds into noise; torch's generator of the CPU unless another is given.</summary>
    public NoiseSource NoiseSource { get; init; } = NoiseSources.Cpu;

    /// <summary>
    /// What is changed of the seeds' noise, as AUTOMATIC1111 does it. Of its seeds there is one for each picture, or one for all.
    /// </summary>
    public SeedVariation Variation { get; init; } = SeedVariation.None;

    /// <summary>
    /// Whether one seed's generator draws for all pictures at once, as a single generator does in diffusers and in ComfyUI.
    /// </summary>
    public bool OneGenerator { get => field || Part is not null; init; }

    /// <summary>Which pictures of a larger batch of one generator these are; null for a whole one, or for pictures of their own.</summary>
    public BatchPart? Part { get; init; }

    /// <summary>
    /// Most pictures made at once, from 1; default 4. Kernels add up otherwise for another batch: in float32 a few values of the pictures
    /// differ by 1 of 255; in bfloat16, which rounds coarsely, it is visible (on the demo at 128x128 a third of the values, by up to 76 of
    /// 255). Who wants the same pictures gives the same batch, or 1.
    /// </summary>
    public int Batch { get; init; } = 4;

    /// <summary>
    /// How many layers from its end the text encoder is read, as web UIs count: 1 is the last. With XL ComfyUI's encoding alone
    /// heeds it; with SD 2 AUTOMATIC1111's does not.
    /// </summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>The same for negative prompts; null means the same number, as in web UIs (diffusers: 1).</summary>
    public int? NegativeClipSkip { get; init; }

    /// <summary>Sizes that XL is told; null means the picture's own.</summary>
    public SizeConditions? Sizes { get; init; }

    /// <summary>Sizes for the negative prompt; null means <see cref="Sizes"/>.</summary>
    public SizeConditions? NegativeSizes { get; init; }

    /// <summary>
    /// Told the step that begins, from 0, and of how many, of each batch, before the network is asked in it: for what changes the network
    /// on the way.
    /// </summary>
    public Action<int, int>? BeforeStep { get; init; }

    /// <summary>
    /// The steps at which <see cref="BeforeStep"/> changes the text encoders too, so that prompts are encoded anew; null where it does not.
    /// </summary>
    public TextTurns? TextTurns { get; init; }

    /// <summary>Fields added to the pictures' text: "Model hash", "Lora hashes".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InfoFields { get; init; } = [];

    /// <summary>
    /// What stands behind the prompt in the pictures' text: "&lt;lora:ink:0.8&gt;" of each adapter. The caller's to fill, who alone knows
    /// what the adapters are called: none is told that was attached to the model by code.
    /// </summary>
    public IReadOnlyList<string> InfoTags { get; init; } = [];

    /// <summary>What pictures' texts tell of guidance other than by its scale.</summary>
    public IEnumerable<KeyValuePair<string, string>> GuidanceFields
    {
        get
        {
            if (GuidanceRescale != 0) yield return new("Guidance rescale", PlainValue.Text(GuidanceRescale));
            if (FreeU is { } free) yield return new(FreeU.Field, free.Text);
            if (PerturbedScale != 0) yield return new(PerturbedAttention.Field, PlainValue.Text(PerturbedScale));
        }
    }

    /// <summary>Whether prompts are written as the program has them, with its usual settings or others.</summary>
    public bool WritesAsProgram => PromptWay.Of(Encoding) == Compat.Prompts;

    /// <summary>
    /// The same in a program's way. Prompts that were written as the program before has them are written as this one has, unless
    /// <see cref="KeepsPrompts"/> says otherwise.
    /// </summary>
    public GenerateOptions In(Compat program)
    {
        var moved = this with { Compat = program };
        bool follows = WritesAsProgram && !KeepsPrompts && !moved.WritesAsProgram;
        return follows ? moved with { Syntax = null, Encoding = null } : moved;
    }

    /// <summary>The same with prompts written in a way; where they are already, its settings stay.</summary>
    public GenerateOptions Written(PromptWay way) => PromptWay.Of(Encoding) == way
        ? this with { Syntax = Syntax, Encoding = Encoding }
        : this with { Syntax = way.Syntax, Encoding = way.Encoding(MaxTokens) };

    /// <summary>The same with a sampler, and with the schedule that stands in its label or its own: the one before goes.</summary>
    public GenerateOptions Sampled(SamplerLabel label) => this with { Sampler = label.Sampler, Schedule = label.Schedule };

    /// <summary>Pixels across and down on a model: what is asked for, or the model's own.</summary>
    public (int Width, int Height) SizeOn(StableDiffusion model)
    {
        int own = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
        return (Width ?? own, Height ?? own);
    }

    // Samplers of the CFG++ kind want the negative answer at any scale, and some a scale of their own.
    Guider UsualGuider()
    {
        var sampler = Sampler is null ? null : SamplerLabel.SamplerOf(Sampler).Create(SamplerOptions);
        bool asksNegative = Composes || sampler is { AsksNegative: true };
        return Guider.Usual(GuidanceScale * (sampler?.GuidanceFactor ?? 1), GuidanceRescale, asksNegative);
    }

    // Prompts that are joined are joined around the negative one, at any scale.
    bool Composes => Prompts.Any(prompt => Syntax.Read(prompt, new PromptPass(Steps)).Composes);

    /// <summary>Whether noise is drawn after the first, as far as is known: of a model's own sampler nobody says.</summary>
    public bool DrawsOnTheWay
    {
        get
        {
            if (this is not { Sampler: { } name, Hires: null, Refiner: null }) return true;
            bool isStirred = SamplerOptions.Eta > 0 || SamplerOptions.Churn.Amount > 0;
            return isStirred || SamplerLabel.SamplerOf(name).IsStochastic;
        }
    }

    // A million of 64x64 take 12 GB.
    const int MostPictures = 1_000_000;

    /// <summary>Number of pictures asked for.</summary>
    public int Count => Prompts.Count * ImagesPerPrompt;

    /// <summary>This, if a model can do it.</summary>
    /// <exception cref="LowrankException">Lists every value that it cannot.</exception>
    public GenerateOptions Checked(StableDiffusion model)
    {
        ArgumentNullException.ThrowIfNull(model);
        // What is null, the others would trip over.
        if (NullFaults().ToList() is { Count: > 0 } lacking) throw Impossible(lacking);
        int factor = model.VaeConfig.Factor, levels = model.Scheduler.TrainTimesteps, own = model.UNetConfig.SampleSize * factor;
        List<string> faults =
        [
            .. SizeFaults("width", Width, factor),
            .. SizeFaults("height", Height, factor),
            .. PictureRoom.Fault(this, model, () => MachineMemory.Read().Free) is { } room ? [room] : Array.Empty<string>(),
            .. NumberFaults(levels),
            .. LevelFaults(),
            .. ClipFaults(model),
            .. TilingFaults(factor),
            .. GuidanceFaults(),
            .. SeedFaults(),
            .. ListFaults("negative prompts", NegativePrompts),
            .. ListFaults("second prompts", SecondPrompts),
            .. ListFaults("second negative prompts", SecondNegativePrompts),
            .. Start.Faults(Width ?? own, Height ?? own),
            .. Refiner?.Faults(model, this) ?? [],
        ];
        bool wantsMask = Start is not InpaintStart && !Compat.MasksAllWithoutPicture;
        if (wantsMask && model.UNetConfig.InChannels != model.VaeConfig.LatentChannels)
            faults.Add($"the model's network takes {model.UNetConfig.InChannels} channels, " +
                $"and latents have {model.VaeConfig.LatentChannels} (an inpainting model wants a picture and a mask)");
        return faults.Count == 0 ? this : throw Impossible(faults);
    }

    static LowrankException Impossible(IEnumerable<string> faults) =>
        new($"These pictures cannot be made: {string.Join("; ", faults)}.");

    IEnumerable<string> NullFaults()
    {
        (string Name, object? Value)[] needed =
        [
            (nameof(Prompts), Prompts), (nameof(Compat), Compat), (nameof(Start), Start), (nameof(Tiling), Tiling),
            (nameof(SamplerOptions), SamplerOptions), (nameof(Seeds), Seeds), (nameof(NoiseSource), NoiseSource),
            (nameof(Variation), Variation), (nameof(InfoFields), InfoFields), (nameof(InfoTags), InfoTags),
        ];
        foreach (var (name, value) in needed)
            if (value is null) yield return $"{name} is null (leave it out for the usual)";
        (string Name, IEnumerable<string>? Texts)[] texts =
        [
            (nameof(Prompts), Prompts), (nameof(NegativePrompts), NegativePrompts), (nameof(SecondPrompts), SecondPrompts),
            (nameof(SecondNegativePrompts), SecondNegativePrompts),
        ];
        foreach (var (name, list) in texts)
            if (list?.Contains(null!) == true) yield return $"one of {name} is null (an empty text says nothing)";
        if (Refiner is { Model: null }) yield return $"the model of {nameof(Refiner)} is null";
    }

    static IEnumerable<string> SizeFaults(string name, int? asked, int factor)
    {
        if (asked is { } size && (size < factor || size % factor != 0))
            yield return $"`{name}` is {size} (a multiple of {factor}, from {factor} up)";
    }

    IEnumerable<string> TilingFaults(int factor) =>
        Tiling.Side is { } side && VaeTiling.Fault(side, factor) is { } fault ? [$"`vae tiling`: {fault}"] : [];

    IEnumerable<string> NumberFaults(int levels)
    {
        if (Prompts.Count == 0) yield return "there is no prompt";
        if (ImagesPerPrompt < 1) yield return $"images per prompt is {ImagesPerPrompt} (1 or more)";
        if ((long)Prompts.Count * ImagesPerPrompt is > MostPictures and var all)
            yield return $"there are {all} pictures (at most {MostPictures} in one call, which holds them all)";
        if (Steps < 1 || Steps > levels) yield return $"`steps` is {Steps} (1 to {levels})";
        if (!(Start.Strength is > 0 and <= 1)) yield return $"`strength` is {PlainValue.Text(Start.Strength)} (above 0 to 1)";
        foreach (string fault in Hires?.Faults() ?? []) yield return fault;
        if (MaxTokens < PromptLength.Piece || MaxTokens % PromptLength.Piece != 0)
            yield return $"`max tokens` is {MaxTokens} (a multiple of {PromptLength.Piece})";
        if (Batch < 1) yield return $"`batch` is {Batch} (1 or more)";
    }

    // Each encoding knows how many layers it may leave out.
    IEnumerable<string> ClipFaults(StableDiffusion model)
    {
        int layers = model.TextEncoder.Config.Layers;
        int?[] asked = [ClipSkip, NegativeClipSkip];
        return asked.Select(skip => Encoding.WhyNotSkip(model.Family, layers, skip)).OfType<string>().Distinct();
    }

    IEnumerable<string> LevelFaults()
    {
        if (DowncastsAlphas && ZeroTerminalSnr)
            yield return "`downcast alphas` and `zero terminal snr` do not go together (in float16 σ would be infinite: give one of them)";
        string changed = DowncastsAlphas ? "`downcast alphas`" : "`zero terminal snr`";
        if (Sampler is null && (DowncastsAlphas || ZeroTerminalSnr))
            yield return $"{changed} is for samplers by name (give a `sampler`: " +
                "the model's own scheduler brings its own levels of noise)";
    }

    IEnumerable<string> GuidanceFaults()
    {
        if (!double.IsFinite(GuidanceScale)) yield return $"`guidance` is {PlainValue.Text(GuidanceScale)} (a number)";
        if (!(double.IsFinite(PerturbedScale) && PerturbedScale >= 0))
            yield return $"`pag` is {PlainValue.Text(PerturbedScale)} (0 or more; 3 is usual)";
        if (!(GuidanceRescale is >= 0 and <= 1)) yield return $"`guidance rescale` is {PlainValue.Text(GuidanceRescale)} (0 to 1)";
    }

    IEnumerable<string> SeedFaults()
    {
        if (Seeds.Count > 1 && Seeds.Count != Count)
            yield return $"there are {Seeds.Count} seeds for {Count} pictures (one for all, or one for each)";
        bool isOtherPart = Part is { } part
            && (part.Numbers.Count != Count || part.Numbers.Any(number => number < 0 || number >= part.Size));
        if (isOtherPart) yield return $"the part of a batch has {Part!.Numbers.Count} of {Part.Size} pictures, and {Count} are to be made";
        if (OneGenerator && Seeds.Count > 1) yield return $"one generator takes one seed, and {Seeds.Count} were given";
        if (!Variation.Changes) yield break;
        if (OneGenerator) yield return "noise of one generator for all pictures is not varied (give each its seed)";
        if (Compat.BeginsNoiseAnew)
            yield return $"{string.Join(" and ", Variation.Fields)}: a seed's noise is not varied as {Compat.Name} makes pictures " +
                "(leave out, or give another `compat`)";
        if (Variation.Seeds.Count > 1 && Variation.Seeds.Count != Count)
            yield return $"there are {Variation.Seeds.Count} variation seeds for {Count} pictures (one for all, or one for each)";
        if (!(Variation.Strength is >= 0 and <= 1)) yield return $"`variation strength` is {PlainValue.Text(Variation.Strength)} (0 to 1)";
    }

    IEnumerable<string> ListFaults(string name, IReadOnlyList<string>? list)
    {
        if (list is not null && list.Count != Prompts.Count) yield return $"there are {list.Count} {name} for {Prompts.Count} prompts";
    }
}
