using System.Globalization;
using Lowrank.Diffusion;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>Draws pictures from prompts.</summary>
sealed class GenerateCommand : HelpfulCommand
{
    readonly Argument<string[]> prompts = new("prompt") { Arity = ArgumentArity.ZeroOrMore, Description = "what to draw; several prompts give several pictures" };
    readonly Option<string> promptsFile = new("--prompts-file") { HelpName = "FILE", Description = "a text file with one prompt a line" };
    readonly Option<string> negative = new("--negative", "-n") { HelpName = "TEXT", Description = "what pictures should not show" };
    readonly Option<string> model = new("--model", "-m") { HelpName = "FOLDER|FILE", Description = "the base model: a folder in diffusers layout or a single-file checkpoint (default: models/emoji-sd, which comes with Lowrank)" };
    readonly Option<string> modelConfig = new("--model-config") { HelpName = "FOLDER", Description = "a diffusers folder that tells what a single file does not: settings, tokenizer, parts it lacks" };
    readonly Option<string> prediction = new("--prediction") { HelpName = "NAME", Description = "what the model predicts: auto (as it says, or a guess), epsilon or v_prediction", DefaultValueFactory = _ => "auto" };
    readonly UnmatchedOption allowUnmatched = new();

    readonly Option<AdapterArgument[]> adapters = new("--adapter", "-a")
    {
        HelpName = "FILE[:STRENGTH]",
        Description = "an adapter with its strength (1 if left out); may be given several times",
        CustomParser = EachToken.By(AdapterArgument.Parse),
    };

    readonly Option<int?> width = new("--width") { HelpName = "PIXELS", Description = "width, a multiple of 8 (default: the model's own)" };
    readonly Option<int?> height = new("--height") { HelpName = "PIXELS", Description = "height, a multiple of 8 (default: the model's own)" };
    readonly Option<int> steps = new("--steps") { HelpName = "N", Description = "sampling steps: more take longer and are finer", DefaultValueFactory = _ => 20 };
    readonly Option<double> guidance = new("--guidance") { HelpName = "SCALE", Description = "how strongly the prompt is followed; 1 is not at all, and twice as fast", DefaultValueFactory = _ => 7 };
    readonly Option<string> sampler = new("--sampler") { HelpName = "NAME", Description = $"{string.Join(", ", Samplers.All.Select(s => s.Name))}", DefaultValueFactory = _ => "dpm++2m" };
    readonly Option<string> schedule = new("--schedule") { HelpName = "NAME", Description = $"{string.Join(", ", Schedules.All.Select(s => s.Name))} (default: the sampler's own)" };
    readonly Option<int> clipSkip = new("--clip-skip") { HelpName = "N", Description = "read the text encoder N layers from its end; 1 is the last", DefaultValueFactory = _ => 1 };
    readonly Option<string> precision = new("--precision") { HelpName = "NAME", Description = "auto (the faster one on this processor), bf16 or f32", DefaultValueFactory = _ => "auto" };

    readonly Option<long[]> seeds = new("--seed", "-s")
    {
        HelpName = "N[,N...]",
        Description = "seeds; each prompt is drawn with each (default: one drawn by chance)",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(text =>
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seed)) result.AddError($"'{text}' is not a seed. Write whole numbers from 0 up, as in --seed 1,2,3.");
            return seed;
        })],
    };

    readonly Option<int> count = new("--count", "-c") { HelpName = "N", Description = "pictures of each prompt, with seeds counting up from the one given", DefaultValueFactory = _ => 1 };
    readonly Option<int> batch = new("--batch", "-b") { HelpName = "N", Description = "pictures made at once; they do not depend on it", DefaultValueFactory = _ => 4 };
    readonly Option<bool> grid = new("--grid") { Description = "also lay all out in one picture: prompts down, seeds across" };
    readonly Option<string> output = new("--output", "-o") { HelpName = "FOLDER|FILE.png", Description = "a folder, in which pictures are numbered; or a file for the only picture or the grid", DefaultValueFactory = _ => Path.Combine("out", "pictures") };
    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace FILE.png if it exists" };

    public GenerateCommand() : base("generate", "Draws pictures from prompts, with any number of adapters. Every PNG holds how it was made, as AUTOMATIC1111 writes it. Prints the files it wrote.")
    {
        sampler.AcceptOnlyFromAmong([.. Samplers.All.Select(s => s.Name)]);
        schedule.AcceptOnlyFromAmong([.. Schedules.All.Select(s => s.Name)]);
        prediction.AcceptOnlyFromAmong("auto", "epsilon", "v_prediction");
        precision.AcceptOnlyFromAmong([.. PrecisionNames.All]);
        Add(prompts);
        AddGroup("What", promptsFile, negative, model, modelConfig, prediction, adapters, allowUnmatched);
        AddGroup("How", width, height, steps, guidance, sampler, schedule, clipSkip, precision);
        AddGroup("How many, and where to", seeds, count, batch, grid, output, overwrite);
        SetAction((result, cancel) => Task.FromResult(Run(RequestOf(result), cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("generate \"cat face\"", "one picture, of the small model that comes with Lowrank"),
        new("generate \"cat face, ink style\" --adapter out/demo/ink.safetensors:0.8 --count 4 --grid", "with what the demo learnt, four times, and a grid"),
        new("generate --prompts-file prompts.txt --model models/emoji-sd --seed 7 --guidance 4 --output out/seven", "a picture for each line of a file"),
        new("generate \"a castle\" -a style.safetensors -a place.safetensors:0.5 -o castle.png --overwrite", "two adapters at once, into one file"),
    ];

    static int Run(GenerateRequest request, CancellationToken cancel)
    {
        foreach (var path in ProgressBars.Show(bars => Generation.Run(request, bars, cancel))) Console.WriteLine(path);
        return ExitCode.Success;
    }

    GenerateRequest RequestOf(ParseResult result)
    {
        var texts = result.GetValue(prompts) ?? [];
        if (result.GetValue(promptsFile) is { } file) texts = [.. texts, .. PromptFile.Read(file)];
        if (texts.Length == 0) throw new UsageException("What is to be drawn? Give a prompt, as in: lowrank generate \"cat face\". See: lowrank generate --help");
        return new GenerateRequest(
            result.GetValue(model) ?? Path.Combine(RepositoryFiles.FolderWith(RepositoryFiles.DemoModel), RepositoryFiles.DemoModel),
            new CheckpointOptions
            {
                Config = result.GetValue(modelConfig),
                AllowUnknownKeys = result.GetValue(allowUnmatched),
                Prediction = result.GetValue(prediction) switch { "epsilon" => PredictionType.Epsilon, "v_prediction" => PredictionType.Velocity, _ => null },
            },
            result.GetValue(adapters) ?? [],
            texts,
            SeedsOf(result),
            new GenerateOptions
            {
                NegativePrompt = result.GetValue(negative),
                Width = result.GetValue(width),
                Height = result.GetValue(height),
                Steps = result.GetValue(steps),
                GuidanceScale = result.GetValue(guidance),
                Sampler = result.GetValue(sampler),
                Schedule = result.GetValue(schedule),
                ClipSkip = result.GetValue(clipSkip),
                Batch = Positive(result.GetValue(batch), "--batch"),
            },
            result.GetValue(precision)!,
            result.GetValue(output)!,
            result.GetValue(grid),
            result.GetValue(overwrite));
    }

    long[] SeedsOf(ParseResult result)
    {
        var given = result.GetValue(seeds) ?? [];
        int wanted = Positive(result.GetValue(count), "--count");
        if (given.Length > 1 && wanted > 1 && wanted != given.Length) throw new UsageException($"--count is {wanted} and there are {given.Length} seeds. Give one of the two.");
        if (given.Length > 1) return given;
        long first = given.Length == 1 ? given[0] : Random.Shared.NextInt64(1L << 31);
        return [.. Enumerable.Range(0, wanted).Select(i => first + i)];
    }

    static int Positive(int value, string name) => value >= 1 ? value : throw new UsageException($"{name} is {value}; it must be 1 or more.");
}
