using System.Text;

namespace Lowrank.Training.Tests;

/// <summary>The table of docs/recipe.md: every field, from its one declaration.</summary>
public sealed class RecipeTableTests
{
    [Fact]
    public void ThePageTellsEveryFieldOfARecipe() => WrittenPage.Check("docs/recipe.md", "recipe", Table());

    static string Table()
    {
        var text = new StringBuilder();
        foreach (var chapter in Recipes.Chapters)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append("### ").Append(chapter.Title).Append("\n\n");
            text.Append("| field | means | default | takes | also called | metadata |\n|---|---|---|---|---|---|\n");
            foreach (var field in chapter.Fields) text.Append(Row(field));
        }
        return text.ToString();
    }

    static string Row(RecipeField field)
    {
        string[] cells =
        [
            $"`{field.Name}`", Cell(field.Help), Code(field.Get(Recipes.Empty())), Cell(Takes(field)),
            string.Join(", ", field.AlsoCalled.Select(Code)), Code(field.MetadataKey),
        ];
        string resumed = field.MayChange ? "" : " ●";
        return $"| {cells[0]}{resumed} | {string.Join(" | ", cells[1..])} |\n";
    }

    static string Takes(RecipeField field)
    {
        if (field.IsSwitch) return "true, false";
        if (field.IsList) return "a list";
        return field.Range ?? "";
    }

    static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
