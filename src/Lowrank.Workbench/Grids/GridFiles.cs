namespace Lowrank.Workbench;

/// <summary>Lays out the pictures of a grid, and saves it with its text.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="plan">Its cells.</param>
/// <param name="drawn">The file of each cell's picture.</param>
sealed class GridFiles(GridRequest request, GridPlan plan, IReadOnlyList<string> drawn)
{
    readonly IReadOnlyList<Picture> pictures = [.. drawn.Select(PictureFile.Read)];

    /// <summary>The files written; the whole grid comes last.</summary>
    /// <exception cref="LowrankException">One is in the way.</exception>
    public IReadOnlyList<string> Save()
    {
        var written = new List<string>();
        if (request.SavesParts)
            foreach (var (part, (picture, first)) in plan.Parts(pictures).Index()) written.Add(Save(picture, first, $"-{part + 1}"));
        written.Add(Save(plan.Compose(pictures), 0, ""));
        return written;
    }

    string Save(Picture laid, int first, string number)
    {
        string? text = pictures[first].InfoText is { } own ? GridText.Write(request, plan, InfoText.Parse(own)) : null;
        if (request.Each.IntoFile) return SaveAs(laid, text, number);
        var names = new PictureNames(request.Each.Output, request.Each.Written.Format.Endings[0]);
        string path;
        do path = names.Next($"grid{number}");
        while (!PictureFile.SaveNew(path, laid, text, request.Each.Written));
        return path;
    }

    // Parts beside the whole: grid-1.png.
    string SaveAs(Picture laid, string? text, string number)
    {
        string output = request.Each.Output;
        string path = Path.ChangeExtension(output, null) + number + Path.GetExtension(output);
        if (request.Each.Overwrite) PictureFile.Save(path, laid, text, request.Each.Written);
        else if (!PictureFile.SaveNew(path, laid, text, request.Each.Written))
            throw new LowrankException(
                $"{path} exists already, or was written by another call meanwhile. Give another name, or --overwrite.");
        return path;
    }
}
