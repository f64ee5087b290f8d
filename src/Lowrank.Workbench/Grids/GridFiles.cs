namespace Lowrank.Workbench;

/// <summary>Lays out the pictures of a grid, and saves it with its text.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="plan">Its cells.</param>
/// <param name="drawn">The file of each cell's picture.</param>
sealed class GridFiles(GridRequest request, GridPlan plan, IReadOnlyList<string> drawn)
{
    readonly IReadOnlyList<Picture> pictures = [.. drawn.Select(PictureFile.Read)];

    /// <summary>Finds out before anything is drawn whether parts beside the whole would replace a file unasked.</summary>
    /// <exception cref="LowrankException">Some would.</exception>
    public static void Check(GridRequest request, GridPlan plan)
    {
        var each = request.Each;
        if (!request.SavesParts || !each.IntoFile || each.Overwrite) return;
        string[] there = [.. Enumerable.Range(0, plan.PartCount).Select(part => PathOf(each.Output, NumberOf(part))).Where(File.Exists)];
        if (there.Length > 0)
            throw new LowrankException($"`sub grids` would replace {Listing.Of(there)}. Give another name, or `overwrite`.");
    }

    /// <summary>The files written; the whole grid comes last, and is written first.</summary>
    /// <exception cref="LowrankException">One is in the way.</exception>
    public IReadOnlyList<string> Save()
    {
        string whole = Save(plan.Compose(pictures), 0, "");
        if (!request.SavesParts) return [whole];
        return [.. plan.Parts(pictures).Select((part, number) => Save(part.Picture, part.First, NumberOf(number))), whole];
    }

    static string NumberOf(int part) => $"-{part + 1}";

    string Save(Picture laid, int first, string number)
    {
        string? text = pictures[first].InfoText is { } own ? GridText.Write(request, plan, InfoText.Parse(own)) : null;
        if (request.Each.IntoFile) return SaveAs(laid, text, PathOf(request.Each.Output, number));
        var names = new PictureNames(request.Each.Output, request.Each.Written.Format.Endings[0]);
        string path;
        do path = names.Next($"grid{number}");
        while (!PictureFile.SaveNew(path, laid, text, request.Each.Written));
        return path;
    }

    // Parts lie beside the whole: grid-1.png.
    static string PathOf(string output, string number) => Path.ChangeExtension(output, null) + number + Path.GetExtension(output);

    string SaveAs(Picture laid, string? text, string path)
    {
        if (request.Each.Overwrite) PictureFile.Save(path, laid, text, request.Each.Written);
        else if (!PictureFile.SaveNew(path, laid, text, request.Each.Written))
            throw new LowrankException($"{path} was written by another call meanwhile. Give another name, or `overwrite`.");
        return path;
    }
}
