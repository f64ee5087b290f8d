using System.Text;
using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The text in pictures of every format, as AUTOMATIC1111 wrote it and as it is written here; NovelAI's items.</summary>
public sealed class A1111PicturesGoldens
{
    const string Group = "diffusion/a1111/pictures";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Picture(string name) => Golden.Run(Group, name, c =>
    {
        if (c["file"].ValueKind == JsonValueKind.String) InAFile(c);
        else if (c["items"].ValueKind == JsonValueKind.Object) Items(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void InAFile(GoldenCase c)
    {
        string path = A1111Files.Of(c, c["file"].GetString()!), text = c["text"].GetString()!;
        var read = PictureFile.ReadTexts(path);
        Assert.Equal(c["read"].GetString(), read.InfoText);
        var others = c["other_items"].EnumerateObject().Where(item => item.Name is not ("version" or "comment"));   // of a GIF's beginning
        Assert.Equal(others.Select(item => (item.Name, item.Value.GetString()!)), read.Others.Select(other => (other.Key, other.Value)));

        string written = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}{Path.GetExtension(path)}");
        try
        {
            PictureFile.Save(written, PictureFile.Read(path), text);
            Assert.Equal(text, PictureFile.ReadInfoText(written));
            string kept = KeptIn(path, text);
            Assert.NotEqual("nowhere", kept);
            Assert.Equal(kept, KeptIn(written, text));
        }
        finally
        {
            File.Delete(written);
        }
    }

    // Where a file keeps its text, by what stands before it.
    static string KeptIn(string path, string text)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string[] marks = ["tEXtparameters\0", "iTXtparameters\0\0\0\0\0", "UNICODE\0", "\x21\xfe"];
        byte[][] forms = [Encoding.Latin1.GetBytes(text), Encoding.UTF8.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(text)];
        foreach (string mark in marks)
        {
            int at = bytes.AsSpan().IndexOf(Encoding.Latin1.GetBytes(mark));
            if (at < 0) continue;
            // A GIF's text stands in blocks, the first behind its length.
            int behind = at + mark.Length + (mark[0] == '\x21' ? 1 : 0);
            int form = Array.FindIndex(forms, one => bytes.AsSpan(behind).StartsWith(one.AsSpan(0, Math.Min(100, one.Length))));
            if (form >= 0) return $"{mark} in form {form}";
        }
        return "nowhere";
    }

    static void Items(GoldenCase c)
    {
        var items = c["items"].EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!);
        string want = c["result"].GetString()!;
        Assert.Equal(want, NovelAiText.Read(items, InfoText.Parse(want).Size!.Value)!.Format());
    }
}
