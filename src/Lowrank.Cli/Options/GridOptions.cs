using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of grids: over axes, over parts of a prompt, and of all pictures that are drawn anyway.</summary>
sealed class GridOptions
{
    readonly Option<bool> plain = new("--grid") { Description = "also lay all out in one picture: prompts down, seeds across" };

    readonly Option<string[]> axes = new("--axis", "-x")
    {
        HelpName = "NAME: VALUES",
        Description = "draw a grid over an option: columns, rows for a second one, grids side by side for a third; " +
            $"values stand between commas, numbers in ranges too (1-5, 1-10 (+3), 0-1 [5]). {GeneratingAxes.Prose}; " +
            "AUTOMATIC1111's names are known too",
        CustomParser = EachToken.By<string>(text => (text, null)),
    };

    readonly Option<bool> matrix = new("--matrix")
    {
        Description = "draw a grid of all combinations of a prompt's parts: of \"a fox|snow|night\" with neither, with either and " +
            "with both",
    };

    readonly Option<string[]> matrixOptions = new("--matrix-option")
    {
        HelpName = "WORD",
        Description = "of a matrix: start (chosen parts stand before the first), blanks (not commas between them), negative (it is the " +
            "negative prompt's), seeds (each picture has the next); may be given several times",
        CustomParser = EachToken.By<string>(text => (text, null)),
    };

    readonly Option<string> varied = new("--vary-seeds")
    {
        HelpName = "XYZ",
        Description = "the seed counts up along these axes: x, y, z, xy, ...",
    };

    readonly Option<bool> fresh = new("--fresh-seeds")
    {
        Description = "each cell draws a seed of its own, where none is given (AUTOMATIC1111's \"Keep -1 for seeds\")",
    };

    readonly Option<bool> savePictures = new("--grid-pictures")
    {
        Description = "where the grid goes into a file, save its pictures too, in a folder beside it of the file's name",
    };

    readonly Option<bool> saveParts = new("--sub-grids") { Description = "of a third axis, save each grid by itself too" };

    readonly SettingList<GeneratingRequest> look = new()
    {
        {
            new Option<int>("--grid-margin")
            {
                HelpName = "PIXELS",
                Description = "white pixels between a grid's pictures and around them",
                DefaultValueFactory = _ => GridLook.Usual.Margin,
            },
            (request, pixels) => request with { Look = request.Look with { Margin = pixels } }
        },
        {
            new Option<bool>("--no-legend") { Description = "a grid without labels" },
            (request, leaves) => request with { Look = request.Look with { Legend = !leaves } }
        },
    };

    public GridOptions() => Settings = new() { { plain, (request, lays) => request with { Grid = lays } }, look };

    /// <summary>The options.</summary>
    public Option[] All => [plain, axes, matrix, matrixOptions, .. look, varied, fresh, savePictures, saveParts];

    /// <summary>Whether all are laid out, and how a grid looks.</summary>
    public SettingList<GeneratingRequest> Settings { get; }

    /// <summary>Whether all pictures are laid out in one, prompts down and seeds across.</summary>
    public bool IsPlain(ParseResult result) => result.GetValue(plain);

    /// <summary>Whether pictures are laid out in one.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="repeated">The grid that is drawn again; null for none.</param>
    public bool IsLaidOut(ParseResult result, RepeatedGrid? repeated = null) => IsPlain(result) || IsAsked(result) || repeated is not null;

    /// <summary>Whether a grid over axes or over parts of a prompt is asked for.</summary>
    public bool IsAsked(ParseResult result) => result.GetValue(matrix) || result.GetValue(axes) is { Length: > 0 };

    /// <summary>Whether an axis of that label is typed.</summary>
    public bool IsOver(ParseResult result, string label) => AxesOf(result).Any(axis => axis.Label == label);

    /// <summary>The axes that are typed.</summary>
    public IEnumerable<GridAxis<GeneratingRequest>> AxesOf(ParseResult result) =>
        (result.GetValue(axes) ?? []).Select(text => GridAxisText.Read(text).Axis!);

    /// <summary>Whether each cell draws its own seed.</summary>
    public bool DrawsSeeds(ParseResult result) => result.GetValue(fresh);

    /// <summary>The grid over a request that a call asks for; null where it asks for none.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="request">What all pictures have in common.</param>
    /// <param name="repeated">The grid that is drawn again; null for none.</param>
    /// <exception cref="UsageException">Options of a grid, and no grid.</exception>
    public GridRequest? Of(ParseResult result, GeneratingRequest request, RepeatedGrid? repeated)
    {
        if (!IsAsked(result) && repeated is not { IsSeries: false })
        {
            bool isPlain = IsPlain(result) || repeated is not null;
            Option[] idle = [matrixOptions, varied, fresh, savePictures, saveParts, .. isPlain ? [] : look.ToArray()];
            if (idle.FirstOrDefault(result.IsGiven) is { } alone)
                throw new UsageException($"{alone.Name} says how a grid is drawn: ask for one with --axis or --matrix.");
            return null;
        }
        var grid = IsAsked(result) ? Typed(result, request) : repeated!.Over(request);
        return grid with
        {
            DrawsSeeds = result.GetValue(fresh),
            CellSeeds = result.GetValue(fresh) ? [] : grid.CellSeeds,
            SavesPictures = result.GetValue(savePictures),
            SavesParts = result.GetValue(saveParts),
        };
    }

    /// <summary>The request that looks as a grid that is drawn again; what is typed of it comes first.</summary>
    public GeneratingRequest Looking(GeneratingRequest request, RepeatedGrid repeated, ParseResult result) =>
        look.Typed(request with { Look = repeated.Look }, result);

    MatrixForm FormOf(ParseResult result)
    {
        try
        {
            return MatrixForm.Of(result.GetValue(matrixOptions) ?? []);
        }
        catch (LowrankException unknown)
        {
            throw new UsageException($"{matrixOptions.Name}: {unknown.Message}.");
        }
    }

    GridRequest Typed(ParseResult result, GeneratingRequest request)
    {
        if (result.IsGiven(matrixOptions) && !result.GetValue(matrix))
            throw new UsageException($"{matrixOptions.Name} says how a matrix is made: ask for one with --matrix.");
        string letters = (result.GetValue(varied) ?? "").ToLowerInvariant();
        if (letters.Any(letter => letter is not ('x' or 'y' or 'z')))
            throw new UsageException($"'{letters}' names no axes. Write x, y and z, or several of them, as in --vary-seeds xy.");
        string[] asked = result.GetValue(axes) ?? [];
        if (letters.Any(letter => "xyz".IndexOf(letter, StringComparison.Ordinal) >= asked.Length))
            throw new UsageException($"--vary-seeds {letters} names an axis that there is not: {asked.Length} were given (a matrix has " +
                "--matrix-option seeds).");
        return new(request, [.. asked.Select((text, i) => GridAxisText.Read(text, letters.Contains("xyz"[Math.Min(i, 2)])))])
        {
            Matrix = result.GetValue(matrix) ? FormOf(result) : null,
        };
    }
}
