using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Lowrank.House.Tests;

/// <summary>Inside a project, folders have an order, which docs/architecture.md tells: a source names types of its own folder and of those before it.</summary>
public class FolderOrderTests
{
    const string Own = "(top)";   // how the plan writes a project's own folder

    public static IEnumerable<TheoryDataRow<string>> Projects => SourceProject.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Projects))]
    public void TheCompilerUnderstandsTheSources(string project) => Assert.Empty(SourceProject.Of(project).Errors);

    [Theory, MemberData(nameof(Projects))]
    public void ThePlanListsEveryFolderAndNoOther(string project)
    {
        var source = SourceProject.Of(project);
        var folders = source.Files.Where(file => Path.GetFileName(file) != "GlobalUsings.cs").Select(source.FolderOf).Select(Told).Distinct();
        Assert.Equal(folders.Order(StringComparer.Ordinal), Order(project).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Projects))]
    public void ASourceNamesTypesOfItsOwnFolderAndOfThoseBeforeIt(string project)
    {
        var order = Order(project);
        var faults = from arrow in Arrows(SourceProject.Of(project))
                     where order.IndexOf(Told(arrow.To)) > order.IndexOf(Told(arrow.From))
                     select $"{arrow.File} in {Told(arrow.From)} names {arrow.Type} in {Told(arrow.To)}";
        Assert.Empty(faults.Distinct());
    }

    static string Told(string folder) => folder.Length == 0 ? Own : folder;

    // The folders of a project as the plan orders them, the lowest first.
    static List<string> Order(string project)
    {
        string plan = File.ReadAllText(Path.Combine(GoldenFolder.Repository, "docs", "architecture.md"));
        var row = Regex.Match(plan, $@"^\| {Regex.Escape(project)} \| (?<folders>.+) \|$", RegexOptions.Multiline);
        Assert.True(row.Success, $"docs/architecture.md has no row of folders for {project}");
        return [.. row.Groups["folders"].Value.Split(", ")];
    }

    static IEnumerable<(string From, string To, string File, string Type)> Arrows(SourceProject project)
    {
        foreach (var tree in project.Trees)
            foreach (var type in project.TypesNamedIn(tree))
                foreach (var declared in type.DeclaringSyntaxReferences.Take(1))
                {
                    var (from, to) = (project.FolderOf(tree.FilePath), project.FolderOf(declared.SyntaxTree.FilePath));
                    if (from != to) yield return (from, to, Path.GetFileNameWithoutExtension(tree.FilePath), type.Name);
                }
    }
}
