using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Draws pictures from prompts.</summary>
sealed class GenerateCommand : HelpfulCommand
{
    static readonly string[] samplers = [.. Samplers.All.Select(sampler => sampler.Name)];
    static readonly string[] schedules = [.. Schedules.All.Select(schedule => schedule.Name)];

    readonly Argument<string[]> prompts = new("prompt")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "what to draw; several prompts give several pictures",
    };

    readonly Option<string> promptsFile = new("--prompts-file")
    {
        HelpName = "FILE",
        Description = "a text file with one prompt a line, options behind it as kohya has them: a fox --n blurry --w 512 --h 768 --s 20 " +
            "--l 7 --d 1 --ss euler_a; lines that begin with # are comments (\\# draws one)",
    };

    readonly Option<string> workflow = new("--workflow")
    {
        HelpName = "FILE",
        Description = "draw by a graph of ComfyUI (JSON, or a PNG that holds one) in place of prompts; see: lowrank workflow --help",
    };

    readonly WorkflowOptions workflowFolders = new();

    readonly Option<string> from = new("--from")
    {
        HelpName = "PICTURE",
        Description = "make a picture again by the text that it holds, Lowrank's own or AUTOMATIC1111's; what is typed beside it " +
            "comes before the text, and what cannot be done is said",
    };

    readonly Option<string> adaptersFolder = new("--adapters-dir")
    {
        HelpName = "FOLDER",
        Description = "where the adapters lie that a prompt names by <lora:name:strength>, or a picture's text: by file or by what their " +
            "maker called them; te=, unet=, dyn=, lbw=, lbwe=, start=, stop= and step= are heeded",
    };

    readonly StyleOptions styles = new();
    readonly PictureFileOptions files = new();
    readonly IReadOnlyList<(Option Option, Func<GenerateOptions, ParseResult, GenerateOptions> With)> settings;

    readonly Option<string> negative = new("--negative", "-n") { HelpName = "TEXT", Description = "what pictures should not show" };

    readonly Option<string> model = new("--model", "-m")
    {
        HelpName = "FOLDER|FILE",
        Description = "the base model: a folder in diffusers layout or a single-file checkpoint " +
            "(default: models/emoji-sd, which comes with Lowrank)",
    };

    readonly Option<string> modelConfig = new("--model-config")
    {
        HelpName = "FOLDER",
        Description = "a diffusers folder that tells what a single file does not: settings, tokenizer, parts it lacks",
    };

    readonly Option<string> prediction = new("--prediction")
    {
        HelpName = "NAME",
        Description = "what the model predicts: auto (as it says, or a guess), epsilon or v_prediction",
        DefaultValueFactory = _ => "auto",
    };

    readonly UnmatchedOption allowUnmatched = new();

    readonly Option<AdapterChoice[]> adapters = new("--adapter", "-a")
    {
        HelpName = "FILE[:STRENGTH]",
        Description = "an adapter with its strength (1 if left out); may be given several times. Behind it :te=S and :unet=S for parts, " +
            ":step=5-20 for the UNet's steps, :lbw= for blocks, as in a prompt's <lora:...>; a strength S may change on the way: " +
            "1,0.5@10,0@0.8 is 1, from step 10 on 0.5, and 0 in the last fifth of the steps",
        CustomParser = EachToken.By(DrawnAdapterArgument.Parse),
    };

    readonly Option<int?> width = new("--width")
    {
        HelpName = "PIXELS",
        Description = "width, a multiple of 8 (default: the model's own)",
    };

    readonly Option<int?> height = new("--height")
    {
        HelpName = "PIXELS",
        Description = "height, a multiple of 8 (default: the model's own)",
    };

    readonly Option<int> steps = new("--steps")
    {
        HelpName = "N",
        Description = "sampling steps: more take longer and are finer",
        DefaultValueFactory = _ => 20,
    };

    readonly Option<double> guidance = new("--guidance", "--cfg-scale", "--cfg_scale", "--cfg")
    {
        HelpName = "SCALE",
        Description = "how strongly the prompt is followed; 1 is not at all, and twice as fast",
        DefaultValueFactory = _ => 7,
    };

    readonly Option<string> sampler = new("--sampler")
    {
        HelpName = "NAME",
        Description = string.Join(", ", samplers),
        DefaultValueFactory = _ => "dpm++2m",
    };

    readonly Option<string> schedule = new("--schedule")
    {
        HelpName = "NAME",
        Description = $"{string.Join(", ", schedules)} (default: the sampler's own)",
    };

    readonly Option<string[]> samplerOptions = new("--sampler-option")
    {
        HelpName = "NAME=VALUE",
        Description = $"{string.Join(", ", SamplerOptionNames.All.Select(option => option.Name))}, where the sampler knows it; " +
            "may be given several times",
        CustomParser = EachToken.By<string>(SamplerOptionArgument.Parse),
    };

    readonly Option<int> clipSkip = new("--clip-skip")
    {
        HelpName = "N",
        Description = "read the text encoder N layers from its end; 1 is the last",
        DefaultValueFactory = _ => 1,
    };

    readonly Option<int> maxTokens = new("--max-tokens")
    {
        HelpName = "N",
        Description = "tokens that are read of a prompt, in pieces of 75: 75, 150, 225, ...",
        DefaultValueFactory = _ => GenerateOptions.UsualMaxTokens,
    };

    readonly Option<string> precision = new("--precision")
    {
        HelpName = "NAME",
        Description = PrecisionNames.Prose,
        DefaultValueFactory = _ => "auto",
    };

    readonly Option<string> compat = new("--compat")
    {
        HelpName = "PROGRAM",
        Description = "make pictures in a program's way, its noise, prompts and rounding included: " +
            string.Join(", ", Compat.All.Select(one => one.Name)),
        DefaultValueFactory = _ => Compat.None.Name,
    };

    readonly VaeOptions vae = new();

    readonly ChangeOptions change = new();
    readonly HiresArguments hires = new();
    readonly PromptOptions promptOptions = new();
    readonly DeviceOption device = new();
    readonly SeedOptions seeds = new();
    readonly NoiseOptions noise = new();
    readonly GuidanceOptions guidances = new();

    readonly Option<int> batch = new("--batch", "-b")
    {
        HelpName = "N",
        Description = "pictures made at once; they do not depend on it",
        DefaultValueFactory = _ => 4,
    };

    readonly Option<bool> grid = new("--grid") { Description = "also lay all out in one picture: prompts down, seeds across" };

    readonly Option<string[]> axes = new("--axis", "-x")
    {
        HelpName = "NAME: VALUES",
        Description = "draw a grid over an option: columns, rows for a second one, grids side by side for a third; " +
            $"values stand between commas, numbers in ranges too (1-5, 1-10 (+3), 0-1 [5]). {GeneratingAxes.Prose}",
        CustomParser = EachToken.By<string>(text => (text, null)),
    };

    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER|FILE",
        Description = "a folder, in which pictures are numbered; or a file (.png, .jpg, .webp, ...) for the only picture or the grid",
        DefaultValueFactory = _ => Path.Combine("out", "pictures"),
    };

    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace FILE if it exists" };

    readonly Option<bool> resume = new("--resume")
    {
        Description = "go on where a call was stopped: what FOLDER holds already, by the same text, is not drawn again",
    };

    readonly Option<int> preview = new("--preview")
    {
        HelpName = "N",
        Description = "write the picture so far every N steps, beside the output; it is gone when the picture is finished",
    };

    readonly Option<string> previewModel = new("--preview-model")
    {
        HelpName = "FILE|FOLDER",
        Description = "a TAESD that draws previews, its own file (taesd_decoder) or a folder of diffusers " +
            "(default: a linear approximation of the model's autoencoder)",
    };

    readonly Option<bool> show = new("--show") { Description = "show the pictures in the terminal; of a grid, the grid alone" };

    readonly Option<string> showAs = new("--show-as")
    {
        HelpName = "WAY",
        Description = $"show them in this way: {string.Join(", ", PictureShow.Words)} (the best that the terminal is known to have)",
    };

    readonly Option<bool> strict = new("--strict")
    {
        Description = "refuse to draw where a prompt would be cut, or something else given would not be used as it stands",
    };

    readonly JsonOption json = new("print the files and the account of what was taken and what was not as JSON");

    public GenerateCommand() : base("generate",
        "Draws pictures from prompts, with any number of adapters. " +
        "Every picture holds how it was made, as AUTOMATIC1111 writes it. Prints the files it wrote.")
    {
        settings = Settings();
        sampler.AcceptNames(samplers, SamplerLabel.Read);
        schedule.AcceptNames(schedules, Schedules.Named);
        showAs.AcceptOnlyFromAmong([.. PictureShow.Words]);
        prediction.AcceptOnlyFromAmong([.. DenoisingSection.Predictions.All]);
        precision.AcceptNames(PrecisionNames.All, PrecisionNames.Named);
        compat.AcceptOnlyFromAmong([.. Compat.All.Select(one => one.Name)]);
        Add(prompts);
        AddGroup("What", [promptsFile, negative, .. styles.All, from]);
        AddGroup("Of which model", [model, modelConfig, .. vae.All, prediction, adapters, adaptersFolder, allowUnmatched]);
        AddGroup("How",
            [width, height, steps, guidance, .. guidances.All, sampler, samplerOptions, schedule, clipSkip, maxTokens, precision, device]);
        AddGroup("What prompts may say", promptOptions.All);
        AddGroup("Which noise", noise.All);
        AddGroup("From a picture", change.All);
        AddGroup("Larger, in a second pass", hires.All);
        AddGroup("As other programs do", compat);
        AddGroup("How many, and where to", [.. seeds.All, batch, grid, axes, output, .. files.All, overwrite, resume]);
        AddGroup("To be looked at", preview, previewModel, show, showAs);
        Add(strict);
        Add(json);
        AddGroup("Graphs of ComfyUI", [workflow, .. workflowFolders.All]);
        SetAction((result, cancel) => Task.FromResult(result.GetValue(workflow) is { } graph
            ? WorkflowCommand.Run(WorkflowOf(graph, result), json, result, cancel)
            : Run(RequestsOf(result), result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("generate \"cat face\"", "one picture, of the small model that comes with Lowrank"),
        new("generate \"cat face, ink style\" --adapter out/demo/ink.safetensors:0.8 --count 4 --grid",
            "with what the demo learnt, four times, and a grid"),
        new("generate \"cat face, ink style\" --axis \"adapter: out/demo/ink.safetensors, none\" --axis \"strength: 0.5,1\" -o grid.png",
            "a grid: adapters across, strengths down"),
        new("generate --prompts-file prompts.txt --model models/emoji-sd --seed 7 --guidance 4 --output out/seven",
            "a picture for each line of a file"),
        new("generate --from out/seven/00003-7.png --steps 40 --names \"[seed]-[steps]\" --format webp --output out/again",
            "a picture again, with more steps"),
        new("generate \"a castle\" -a style.safetensors -a place.safetensors:0.5 -o castle.png --overwrite",
            "two adapters at once, into one file"),
    ];

    int Run(IReadOnlyList<GeneratingRequest> requests, ParseResult result, CancellationToken cancel)
    {
        using var shelf = new ModelShelf();
        var reports = new List<GeneratingReport>();
        bool isOnly = requests.Count == 1 && result.GetValue(axes) is not { Length: > 0 };
        foreach (var request in requests)
        {
            var report = Draw(request with { IsOnly = isOnly }, shelf, result, cancel);
            reports.Add(report);
            if (!result.GetValue(json))
                foreach (var path in report.Files) Console.WriteLine(path);
        }
        var whole = new GeneratingReport([.. reports.SelectMany(one => one.Files)], [.. reports.SelectMany(one => one.Account).Distinct()]);
        if (result.GetValue(json)) json.Show(result, whole, (_, _) => { });
        Show(whole, result);
        return ExitCode.Success;
    }

    GeneratingReport Draw(GeneratingRequest request, ModelShelf shelf, ParseResult result, CancellationToken cancel) =>
        result.GetValue(axes) is { Length: > 0 } over
            ? ProgressBars.Show(new GridJob(shelf), new GridRequest(request, [.. over.Select(text => GridAxisText.Read(text))]), cancel)
            : ProgressBars.Show(new GeneratingJob(shelf), request, cancel);

    void Show(GeneratingReport report, ParseResult result)
    {
        string? way = result.GetValue(showAs);
        if (!result.GetValue(show) && way is null) return;
        if (result.GetValue(json))
        {
            Console.Error.WriteLine("--show is not used: the output is JSON.");
            return;
        }
        bool isGrid = result.GetValue(grid) || result.GetValue(axes) is { Length: > 0 };
        foreach (string path in isGrid ? report.Files.TakeLast(1) : report.Files) PictureShow.Write(path, way ?? PictureShow.Auto);
    }

    // What the graph says itself cannot be said beside it.
    WorkflowRequest WorkflowOf(string graph, ParseResult result)
    {
        Option[] heeded = [workflow, .. workflowFolders.All, modelConfig, allowUnmatched, precision, device, output, strict, json];
        var given = Options.Except(heeded).Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name);
        string[] idle = [.. given, .. result.GetValue(prompts) is { Length: > 0 } ? ["prompts"] : Array.Empty<string>()];
        if (idle.Length > 0)
            throw new UsageException("With --workflow the graph says what is drawn: " +
                $"leave out {string.Join(", ", idle)}, or change the graph.");
        return new(graph, workflowFolders.Of(result, result.GetRequiredValue(output)))
        {
            ModelOptions = new CheckpointOptions
            {
                Config = result.GetValue(modelConfig),
                AllowUnmatched = result.GetValue(allowUnmatched),
            },
            Precision = result.GetRequiredValue(precision),
            Device = result.GetRequiredValue(device),
            Strict = result.GetValue(strict),
        };
    }

    // One, or one for each line of a file whose lines have options of their own.
    IReadOnlyList<GeneratingRequest> RequestsOf(ParseResult result)
    {
        var known = new Account();
        string[] typed = result.GetValue(prompts) ?? [];
        var lines = LinesOf(result, known);
        bool isEachItsOwn = lines.Any(line => line.HasOptions);
        var request = RequestOf(result, isEachItsOwn ? typed : [.. typed, .. lines.Select(line => line.Prompt)], known);
        if (!isEachItsOwn) return [styles.Apply(request, result, known) with { Known = known.Lines }];
        if (result.GetValue(grid) || result.GetValue(axes) is { Length: > 0 })
            throw new UsageException(
                "Prompts with options of their own are drawn one by one. Leave --grid and --axis out, or the options.");
        promptOptions.RefuseCombinations(result);
        var all = lines.Select(line => LinedRequest.Over(request, line)).ToList();
        if (typed.Length > 0) all.Insert(0, request);
        if (request.IntoFile && all.Count(one => one.Output == request.Output) > 1)
            throw new UsageException($"{all.Count} pictures do not fit into {request.Output}. Give a folder.");
        var styled = all.Select(one => styles.Apply(one, result, known)).ToList();
        return [styled[0] with { Known = known.Lines }, .. styled.Skip(1)];
    }

    IReadOnlyList<KohyaPromptLine> LinesOf(ParseResult result, Account known)
    {
        if (result.GetValue(promptsFile) is not { } file) return [];
        var lines = PromptLines.Read(file);
        if (lines.Told(file) is { } comments) known.Takes("prompts_comments", comments);
        return LinedRequest.Read(lines.Prompts);
    }

    GeneratingRequest RequestOf(ParseResult result, IReadOnlyList<string> texts, Account known)
    {
        TellDropped(result, known);
        texts = [.. promptOptions.Of(result, texts)];
        if (noise.Idle(result) is { } idle) known.Leaves("idle_variation", idle);
        string where = result.GetRequiredValue(output);
        var request = new GeneratingRequest(ModelOf(result), texts, seeds.Of(result), where)
        {
            ModelOptions = ModelOptionsOf(result),
            Adapters = result.GetValue(adapters) ?? [],
            Options = OptionsOf(result),
            Given = GivenOf(result),
            Change = change.Of(result),
            Vae = vae.FileOf(result),
            Reading = promptOptions.ReadingOf(result, result.GetValue(adaptersFolder), Compat.Named(result.GetRequiredValue(compat))),
            Precision = result.GetRequiredValue(precision),
            Device = result.GetRequiredValue(device),
            Grid = result.GetValue(grid),
            PreviewEvery = result.GetValue(preview),
            PreviewModel = result.GetValue(previewModel),
            Overwrite = result.GetValue(overwrite),
            Resume = result.GetValue(resume),
            Strict = result.GetValue(strict),
            Encoding = files.EncodingOf(result, where, known),
            Names = files.NamesOf(result, known),
        };
        if (result.GetValue(from) is { } picture) request = Repeated(picture, request, result, known);
        bool drawsSeeds = !seeds.IsGiven(result) && result.GetValue(from) is null;
        if (request.Resume && drawsSeeds)
            known.Leaves("idle_resume", "--resume finds nothing: seeds are drawn anew in each call. Give them (--seed)");
        foreach (string sentence in promptOptions.Idle(result, request.Options)) known.Leaves("idle_prompt_option", sentence);
        return request;
    }

    // What is typed comes before what the picture's text says.
    GeneratingRequest Repeated(string picture, GeneratingRequest typed, ParseResult result, Account known)
    {
        var folder = result.GetValue(adaptersFolder) is { } place ? new AdapterFolder(place) : null;
        var repeated = RepeatedPicture.OfFile(picture, typed, name => AdapterNamed(name, typed.Adapters, folder));
        foreach (string sentence in repeated.NotHonoured) known.Leaves("from", $"{picture}: {sentence}");
        var request = repeated.Request;
        var options = settings.Where(setting => IsGiven(result, setting.Option))
            .Aggregate(request.Options, (changed, setting) => setting.With(changed, result));
        if (IsGiven(result, sampler)) options = options with { Sampler = typed.Options.Sampler, Schedule = typed.Options.Schedule };
        else if (IsGiven(result, schedule)) options = options with { Schedule = typed.Options.Schedule };
        options = promptOptions.Applied(result, options);
        var added = typed.Adapters.Where(adapter => request.Adapters.All(one => one.Path != adapter.Path));
        return request with
        {
            Prompts = typed.Prompts.Count > 0 ? typed.Prompts : request.Prompts,
            Seeds = seeds.IsGiven(result) || request.Seeds.Count == 0 ? typed.Seeds : request.Seeds,
            Adapters = [.. request.Adapters, .. added],
            Options = options,
            Change = request.Change is { } changed ? change.Typed(result, changed) : null,
            Given = GivenSampling.All,   // the text chose what was not typed
        };
    }

    // Among those that are typed, else in the folder of adapters.
    static string? AdapterNamed(string name, IReadOnlyList<AdapterChoice> given, AdapterFolder? folder) =>
        given.FirstOrDefault(choice => Path.GetFileNameWithoutExtension(choice.Path) == name)?.Path ?? folder?.TryFind(name);

    static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    GivenSampling GivenOf(ParseResult result)
    {
        (Option Option, GivenSampling Setting)[] all =
        [
            (sampler, GivenSampling.Sampler), (schedule, GivenSampling.Schedule),
            (steps, GivenSampling.Steps), (guidance, GivenSampling.Guidance),
        ];
        return all.Where(one => IsGiven(result, one.Option))
            .Aggregate(GivenSampling.None, (given, one) => given | one.Setting);
    }

    // A schedule in the sampler's name gives way to the option.
    void TellDropped(ParseResult result, Account known)
    {
        string text = result.GetRequiredValue(sampler);
        if (result.GetValue(schedule) is not { } asked || SamplerLabel.Read(text).Schedule is not { } inside) return;
        if (Schedules.Named(asked) == Schedules.Named(inside)) return;
        known.Leaves("idle_schedule", $"{inside} of the sampler \"{text}\" is not used: --schedule {asked} comes before it");
    }

    string ModelOf(ParseResult result) => result.GetValue(model) ?? RepositoryFiles.FindDemoModel();

    CheckpointOptions ModelOptionsOf(ParseResult result) => new()
    {
        Config = result.GetValue(modelConfig),
        AllowUnmatched = result.GetValue(allowUnmatched),
        Prediction = DenoisingSection.Predictions.Of(result.GetRequiredValue(prediction)),
    };

    GenerateOptions OptionsOf(ParseResult result)
    {
        var label = SamplerLabel.Read(result.GetRequiredValue(sampler));
        var options = settings.Aggregate(new GenerateOptions(), (made, setting) => setting.With(made, result));
        string? spaced = result.GetValue(schedule) ?? label.Schedule;
        return promptOptions.Applied(result, options with { Sampler = label.Sampler, Schedule = spaced });
    }

    // How pictures are made, option by option; sampler and schedule go together.
    IReadOnlyList<(Option Option, Func<GenerateOptions, ParseResult, GenerateOptions> With)> Settings() =>
    [
        (negative, (options, result) => options with { NegativePrompt = result.GetValue(negative) }),
        (width, (options, result) => options with { Width = result.GetValue(width) }),
        (height, (options, result) => options with { Height = result.GetValue(height) }),
        (steps, (options, result) => options with { Steps = result.GetValue(steps) }),
        (guidance, (options, result) => options with { GuidanceScale = result.GetValue(guidance) }),
        (samplerOptions, (options, result) => options with
        {
            SamplerOptions = SamplerOptionNames.Read(result.GetValue(samplerOptions) ?? []),
        }),
        (clipSkip, (options, result) => options with { ClipSkip = result.GetValue(clipSkip) }),
        (maxTokens, (options, result) => options with { MaxTokens = result.GetValue(maxTokens) }),
        (batch, (options, result) => options with { Batch = result.GetValue(batch) }),
        (compat, (options, result) => options with { Compat = Compat.Named(result.GetRequiredValue(compat)) }),
        (hires.Scale, (options, result) => options with { Hires = hires.Of(result) }),
        .. noise.Settings,
        .. vae.Settings,
        .. guidances.Settings,
    ];
}
