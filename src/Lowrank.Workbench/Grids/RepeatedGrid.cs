namespace Lowrank.Workbench;

/// <summary>What the text of a grid says of its axes or parts, its look and its seeds.</summary>
public sealed class RepeatedGrid
{
    readonly List<GridChoice<GeneratingRequest>> axes = [];
    readonly List<string> left = [];
    readonly InfoText own;

    RepeatedGrid(InfoText info)
    {
        own = new("", "", [.. info.Fields.Where(field => IsOfGrid(field.Key))]);
        foreach (char name in "XYZ") AddAxis(name);
    }

    /// <summary>The grid of a picture file; null where the picture is none, or does not say how it was made.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no picture.</exception>
    public static RepeatedGrid? OfFile(string path)
    {
        if (ToldTexts.InfoTextOf(path) is not { } text) return null;
        var info = InfoText.Parse(text);
        if (info[Script] is null) return null;
        var grid = new RepeatedGrid(info);
        return grid.axes.Count > 0 || grid.own[GridPlan.MatrixField] is not null ? grid : null;
    }

    /// <summary>What all pictures of a grid have in common; of another picture's text, that picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="request">What its text does not tell: the base model, where to write.</param>
    /// <param name="adapterNamed">An adapter's file by its name in the prompt; null where there is none.</param>
    /// <param name="isAlone">Whether of prompts and seeds that were laid out the first alone is asked for.</param>
    /// <exception cref="LowrankException">It is no picture, or does not say how it was made.</exception>
    public static RepeatedPicture EachOfFile(
        string path, GeneratingRequest request, Func<string, string?> adapterNamed, bool isAlone = false)
    {
        if (OfFile(path) is not { } grid) return RepeatedPicture.OfFile(path, request, adapterNamed);
        string[] said = PictureSignature.Mismatch(path) is { } mismatch ? [mismatch] : [];
        var each = grid.Each(InfoText.Parse(ToldTexts.InfoTextOf(path)!), request, adapterNamed);
        if (grid.IsSeries && !isAlone) each = each with { Request = SeriesGrid.Again(each.Request, grid.own) };
        return each with { NotHonoured = [.. said, .. each.NotHonoured] };
    }

    /// <summary>What all pictures have in common.</summary>
    /// <param name="info">The whole text.</param>
    /// <param name="request">What it does not tell.</param>
    /// <param name="adapterNamed">An adapter's file by its name; null where there is none.</param>
    RepeatedPicture Each(InfoText info, GeneratingRequest request, Func<string, string?> adapterNamed)
    {
        var notHonoured = new List<string>(left);
        request = request with
        {
            Model = FirstOn("Checkpoint name") ?? request.Model,
            Vae = request.Vae ?? FirstOn("VAE"),
            Refiner = request.Refiner ?? (FirstOn("Refiner checkpoint") is { } refiner ? new(refiner) : null),
        };
        var rest = info with { Fields = [.. info.Fields.Where(field => !IsOfGrid(field.Key))] };
        // Where the grid tells the adapters of all cells, those of the first one's text are an axis's.
        bool areTold = own[GridBaseField.AdaptersLabel] is not null;
        var picture = RepeatedPicture.Of(rest, request, adapterNamed, areReplaced: areTold);
        var each = picture.Request with { Given = GivenSampling.All, Place = null };
        foreach (var field in GridBaseField.All)
        {
            if (own[field.Label] is not { } value) continue;
            if (field.Set(each, value, adapterNamed) is { } set) each = set;
            else notHonoured.Add($"{field.Label}: {value} is not honoured: it cannot be read, or names an adapter that there is not");
        }
        if (own[GridPlan.MatrixField] is { } matrix) each = GridPlan.WithText(each, matrix, Form);
        return new(each, [.. picture.NotHonoured, .. notHonoured]);
    }

    // Of the files on an axis the first, so that a text that names one is not told to lack it.
    string? FirstOn(string label) => axes.Find(axis => axis.Axis?.Label == label) is { } files
        ? GridValues.Split(files.Text).FirstOrDefault(ModelAxes.NamesFile)
        : null;

    /// <summary>Whether it lays out the pictures of one request, prompts down and seeds across; that request draws it again.</summary>
    public bool IsSeries => own[SeriesGrid.BatchField] is not null;

    /// <summary>How it looks.</summary>
    public GridLook Look => new(
        PlainValue.ReadWhole(own[GridLook.MarginField] ?? "") ?? GridLook.Usual.Margin,
        PlainValue.ReadSwitch(own[GridLook.LegendField] ?? "") ?? GridLook.Usual.Legend);

    /// <summary>The grid over what all pictures have in common.</summary>
    /// <exception cref="LowrankException">A field of the text cannot be read.</exception>
    public GridRequest Over(GeneratingRequest each)
    {
        string varied = own[GridText.VariedSeeds] ?? "";
        return new(each, [.. axes.Select((axis, i) => axis with { VariesSeed = varied.Contains("XYZ"[i], StringComparison.Ordinal) })])
        {
            Matrix = own[GridPlan.MatrixField] is null ? null : Form,
            CellSeeds = [.. (own[GridText.CellSeeds] ?? "").Split(' ', noBlanks).Select(SeedOf)],
        };
    }

    const StringSplitOptions noBlanks = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    const string Script = "Script";

    static readonly string[] labels =
    [
        Script, GridPlan.MatrixField, GridPlan.FormField, GridLook.MarginField, GridLook.LegendField,
        SeriesGrid.BatchField, SeriesGrid.CountedField,
        GridText.VariedSeeds, GridText.CellSeeds,
        .. "XYZ".SelectMany(axis => (string[])[$"{axis} Type", $"{axis} Values", $"Fixed {axis} Values"]),
        .. GridBaseField.All.Select(field => field.Label),
    ];

    static bool IsOfGrid(string label) => labels.Contains(label);

    MatrixForm Form => MatrixForm.Of((own[GridPlan.FormField] ?? "").Split(',', noBlanks));

    static long SeedOf(string text) =>
        Seeds.Read(text) ?? throw new LowrankException($"{GridText.CellSeeds} hold \"{text}\", which is no seed.");

    void AddAxis(char name)
    {
        if (own[$"{name} Type"] is not { } type) return;
        // An axis without those before it keeps its direction.
        while (axes.Count < "XYZ".IndexOf(name, StringComparison.Ordinal)) axes.Add(new(null));
        try
        {
            axes.Add(new(GeneratingAxes.Named(type), own[$"{name} Values"] ?? "") { Fixed = own[$"Fixed {name} Values"] });
        }
        catch (LowrankException error)
        {
            left.Add($"{name} Type: {type} is not honoured: {error.Message}");
        }
    }
}
