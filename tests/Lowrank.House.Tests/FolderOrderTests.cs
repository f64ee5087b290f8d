using Microsoft.CodeAnalysis;

namespace Lowrank.House.Tests;

/// <summary>Inside a project, folders have an order: a source names types of its own folder and of those before it.</summary>
public class FolderOrderTests
{
    public static IEnumerable<TheoryDataRow<string>> Projects => SourceProject.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Projects))]
    public void TheCompilerUnderstandsTheSources(string project) => Assert.Empty(SourceProject.Of(project).Errors);

    [Theory, MemberData(nameof(Projects))]
    public void FoldersNameEachOtherInNoCircle(string project)
    {
        var arrows = Arrows(SourceProject.Of(project));
        var circles = Circles(arrows.Keys.ToHashSet());
        var told = circles.Select(circle => string.Join(", ", circle) + Environment.NewLine + string.Join(Environment.NewLine,
            arrows.Where(a => circle.Contains(a.Key.From) && circle.Contains(a.Key.To)).OrderBy(a => a.Value.Count).Select(a => $"  {a.Key.From} -> {a.Key.To} ({a.Value.Count}): {string.Join("; ", a.Value.Distinct().Take(6))}")));
        Assert.True(circles.Count == 0, string.Join(Environment.NewLine, told));
    }

    static Dictionary<(string From, string To), List<string>> Arrows(SourceProject project)
    {
        var arrows = new Dictionary<(string, string), List<string>>();
        foreach (var tree in project.Trees)
            foreach (var (type, _) in project.TypesNamedIn(tree))
                foreach (var declared in type.DeclaringSyntaxReferences.Take(1))
                {
                    var (from, to) = (project.FolderOf(tree.FilePath), project.FolderOf(declared.SyntaxTree.FilePath));
                    if (from == to) continue;
                    if (!arrows.TryGetValue((from, to), out var places)) arrows[(from, to)] = places = [];
                    places.Add($"{Path.GetFileNameWithoutExtension(tree.FilePath)} names {type.Name}");
                }
        return arrows;
    }

    // Sets of folders each of which leads to each other one.
    static List<HashSet<string>> Circles(HashSet<(string From, string To)> arrows)
    {
        var folders = arrows.SelectMany(a => new[] { a.From, a.To }).Distinct().ToList();
        var reached = folders.ToDictionary(folder => folder, folder => Reached(folder, arrows));
        var circles = new List<HashSet<string>>();
        foreach (var folder in folders.Where(folder => !circles.Exists(circle => circle.Contains(folder))))
        {
            var circle = reached[folder].Where(other => reached[other].Contains(folder)).ToHashSet();
            if (circle.Count > 0) circles.Add(circle);
        }
        return circles;
    }

    static HashSet<string> Reached(string from, HashSet<(string From, string To)> arrows)
    {
        var (seen, waiting) = (new HashSet<string>(), new Stack<string>([from]));
        while (waiting.TryPop(out var folder))
            foreach (var (_, next) in arrows.Where(a => a.From == folder))
                if (seen.Add(next)) waiting.Push(next);
        return seen;
    }
}
