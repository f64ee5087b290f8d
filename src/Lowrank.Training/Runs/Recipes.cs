namespace Lowrank.Training;

/// <summary>Recipes of every kind of training.</summary>
public static class Recipes
{
    static readonly Lazy<IReadOnlyList<RecipeChapter>> chapters = new(MergedChapters);

    /// <summary>The fields of every kind of training, each once.</summary>
    /// <exception cref="LowrankException">Two fields of a kind claim one name.</exception>
    public static IReadOnlyList<RecipeChapter> Chapters => chapters.Value;

    static IReadOnlyList<RecipeChapter> MergedChapters()
    {
        var rows =
            from kind in TrainingKinds.All
            from chapter in kind.Form.Chapters
            from field in chapter.Fields
            select (chapter.Title, Field: field);
        var groups = rows.DistinctBy(row => row.Field.Name).GroupBy(row => row.Title, row => row.Field);
        return [.. groups.Select(group => new RecipeChapter(group.Key, [.. group]))];
    }

    /// <summary>A recipe in which every field has its default.</summary>
    /// <param name="task">What is learnt; null takes the first of <see cref="TrainingKinds.All"/>.</param>
    public static TrainingRecipe Empty(string? task = null) => new(FormOf(task));

    /// <summary>
    /// The recipe of a file; fields that it does not name keep their defaults. It is not checked yet: options may come on top.
    /// </summary>
    /// <exception cref="LowrankException">No such file, no YAML, an unknown or doubled key, or a value of the wrong kind; with line and
    /// column.</exception>
    public static TrainingRecipe Read(string path)
    {
        if (Directory.Exists(path)) throw new LowrankException($"{path} is a folder, and a recipe is a file of lines \"field: value\"");
        if (!File.Exists(path)) throw new LowrankException($"there is no recipe {path}");
        FileKind.RequireRegular(path);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>The recipe of a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Where it is from, for errors.</param>
    public static TrainingRecipe Parse(string text, string source) => RecipeFile.Parse(text, source, FormOf);

    static RecipeForm FormOf(string? task) => (task is null ? TrainingKinds.All[0] : TrainingKinds.Named(task)).Form;
}
