using Lowrank.Testing;

namespace Lowrank.Graphs.Tests;

/// <summary>docs/workflows.md lists every class of nodes.</summary>
public class WorkflowsPageTests
{
    [Fact]
    public void EveryClassIsListed()
    {
        string page = File.ReadAllText(Path.Combine(GoldenFolder.Repository, "docs", "workflows.md")).ReplaceLineEndings("\n");
        string list = string.Join(", ", GraphNodes.All.Select(node => node.ClassType).Order(StringComparer.Ordinal).Select(name => $"`{name}`"));
        Assert.Contains($"\n## Nodes\n\n{list}.\n", page, StringComparison.Ordinal);
    }
}
