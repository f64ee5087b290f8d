using System.Text;

namespace Lowrank.Formats.Tests;

public sealed class ContainersTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFileIsWhatItsContentSaysWhateverItsName()
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(folder.File("a.pt"), [new("x", rand(1))]);
        folder.File("b.safetensors", PickleWriter.Zip(PickleWriter.Of("text"), []));
        folder.File("c.safetensors", PickleWriter.Legacy(PickleWriter.Of("text")));
        foreach (var (name, container) in new[] { ("a.pt", "safetensors"), ("b.safetensors", "torch zip"), ("c.safetensors", "torch legacy pickle") })
        {
            using var file = Containers.Open(folder.File(name));
            Assert.Equal(container, file.Container);
            Assert.Contains(Containers.All, known => known.Name == container);
        }
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("<!DOCTYPE html>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git-lfs")]
    [InlineData("nothing that anybody knows", "is a text")]
    [InlineData("{\"error\": \"login\"}", "server's answer")]
    [InlineData("\u0001\u0002 nothing that anybody knows", "no known kind")]
    public void AFileThatIsNoneOfThemIsToldForWhatItMayBe(string content, string cause)
    {
        foreach (string name in new[] { "x.bin", "x.pt", "x" })
        {
            string path = folder.File(name, Encoding.UTF8.GetBytes(content));
            string message = Assert.Throws<LowrankException>(() => Containers.Open(path)).Message;
            Assert.Contains(cause, message, StringComparison.Ordinal);
            Assert.Contains("torch zip", message, StringComparison.Ordinal);
        }
    }
}
