namespace Lowrank.Cli;

/// <summary>Draws pictures from prompts.</summary>
sealed class GenerateCommand : HelpfulCommand
{
    readonly GeneratingOptions options = new();
    readonly GraphInsteadOfPrompts graphs;
    readonly JsonOption json = new("print the files and the account of what was taken and what was not as JSON");

    public GenerateCommand() : base("generate",
        "Draws pictures from prompts, with any number of adapters. " +
        "Every picture holds how it was made, as AUTOMATIC1111 writes it. Prints the files it wrote.")
    {
        graphs = new(options);
        Add(options.Subject.Prompts);
        foreach (var (title, group) in options.Groups) AddGroup(title, group);
        Add(options.Strict);
        Add(json);
        AddGroup("Graphs of ComfyUI", graphs.All);
        SetAction((result, cancel) => Task.FromResult(graphs.Of(result, json) is { } graph
            ? WorkflowCommand.Run(graph, json, result, cancel)
            : Run(new GeneratingRequests(options, graphs.Needs).Of(result), result, cancel)));
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
        using var shelf = new ModelShelf(requests.Any(request => request.Refiner is not null) ? 2 : 1);
        var reports = new List<GeneratingReport>();
        string? from = options.Subject.From(result);
        var repeated = from is null ? null : RepeatedGrid.OfFile(from);
        bool isOnly = requests.Count == 1 && options.Grids.Of(result, requests[0], repeated) is null, isJson = result.GetValue(json);
        foreach (var request in requests)
        {
            var report = from is null ? Draw(request) : RepeatedRequest.Blamed(from, result.GivenFields(), () => Draw(request));
            reports.Add(report);
            if (!isJson)
                foreach (var path in report.Files) Console.WriteLine(path);
        }
        // In the words of what is told on the way.
        var lines = reports.SelectMany(one => one.Account).Distinct();
        var account = lines.Select(line => line with { Text = FieldNames.AsOptions(line.Text) });
        var whole = new GeneratingReport([.. reports.SelectMany(one => one.Files)], [.. account]);
        if (isJson) json.Show(result, whole, (_, _) => { });
        options.Looks.Show(options.Grids.IsLaidOut(result, repeated) ? whole.Files.TakeLast(1) : whole.Files, isJson, result);
        return ExitCode.Success;

        GeneratingReport Draw(GeneratingRequest request) => options.Grids.Of(result, request, repeated) is { } grid
            ? ProgressBars.Show(new GridJob(shelf), grid, cancel)
            : LinedRequest.Located(request.Origin, () =>
                ProgressBars.Show(new GeneratingJob(shelf), request with { IsOnly = isOnly }, cancel));
    }
}
