using Lowrank.Formats;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Damaged and hostile containers: each is refused with a cause, read with a note, or read, as its line in defects.json asks; and none
/// does harm. Faults of an adapter's content are another class's.</summary>
public sealed class FilesContainerDefects
{
    const string Group = "files/defects", Kind = "container";

    // A harmful pickle would make this file in the current directory.
    const string Proof = "pwned";

    public static IEnumerable<TheoryDataRow<string>> Cases => FilesDefects.Of(Kind).Select(defect => new TheoryDataRow<string>(defect.GetProperty("id").GetString()!));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Defect(string id) => FilesDefects.Run(Group, id, defect =>
    {
        string path = Path.Combine(GoldenFolder.Root, "files", defect.GetProperty("file").GetString()!);
        File.Delete(Proof);
        switch (defect.GetProperty("expect").GetString())
        {
            case "reject":
                var error = Assert.Throws<LowrankException>(() => ReadAll(path));
                Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
                break;
            case "report" or "accept-with-note":
                Assert.NotEmpty(ReadAll(path));
                break;
            case "accept":
                Assert.Empty(ReadAll(path));
                break;
            case var other:
                throw Golden.NotCovered($"nothing is known of the expectation {other}");
        }
        Assert.False(File.Exists(Proof), "the file ran a program");
    });

    static IReadOnlyList<string> ReadAll(string path)
    {
        using var file = Containers.Open(path);
        Assert.NotEmpty(file.Tensors);
        foreach (var tensor in file.Tensors)
            Assert.Equal(tensor.Shape, file.Read(tensor.Name).shape);
        return file.Notes;
    }
}
