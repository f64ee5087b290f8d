using System.Text.RegularExpressions;

namespace Lowrank.House.Tests;

/// <summary>Where a page or a failing test says <c>./test NAME</c>, a test of that name exists.</summary>
public partial class AdviceTests
{
    // A word, or in an interpolated string what stands for one.
    [GeneratedRegex(@"\./test (\{(?<hole>[^}]+)\}|(?<word>[A-Za-z][\w.-]*))")]
    private static partial Regex Advice();

    static readonly string repository = GoldenFolder.Repository;

    static IEnumerable<string> Pages =>
    [
        .. Directory.EnumerateFiles(repository, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(repository, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(repository, "src"), "*.cs", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(TestMethod.Root, "*.cs", SearchOption.AllDirectories),
    ];

    [Fact]
    public void EveryAdviceNamesATest()
    {
        var wrong = new List<string>();
        int found = 0;
        foreach (string page in Pages.Where(page => Path.GetFileName(page) != $"{nameof(AdviceTests)}.cs"))
        {
            string text = File.ReadAllText(page);
            foreach (Match advice in Advice().Matches(text))
            {
                found++;
                if (!IsTrue(advice, text)) wrong.Add($"{Path.GetRelativePath(repository, page)}: {advice.Value}");
            }
        }
        Assert.NotEqual(0, found);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    static bool IsTrue(Match advice, string text) => advice.Groups["hole"] is { Success: true } hole
        ? IsAlwaysATest(hole.Value, text)
        : IsPlaceholder(advice.Groups["word"].Value) || IsCommand(advice.Groups["word"].Value) || Matches(advice.Groups["word"].Value);

    // The compiler knows the name, or the caller is the test.
    static bool IsAlwaysATest(string expression, string text) =>
        expression.StartsWith("nameof(", StringComparison.Ordinal) || text.Contains($"[CallerMemberName] string {expression}", StringComparison.Ordinal);

    static bool IsPlaceholder(string word) => !word.Any(char.IsLower);

    // A branch of the script, which takes it for no name.
    static bool IsCommand(string word) => File.ReadAllLines(Path.Combine(repository, "test")).Any(line => line == $"  {word})");

    static bool Matches(string word) => TestMethod.All.Any(test =>
        test.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || test.Class.Contains(word, StringComparison.OrdinalIgnoreCase));
}
