using System.Security.Cryptography;

namespace Lowrank.Formats.Tests;

public class KeptSha256Tests
{
    [Fact]
    public void AFileThatWasWrittenAnewHasOtherDigits()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.bin");
        foreach (byte content in new byte[] { 1, 2, 3 })
        {
            File.WriteAllBytes(path, [content]);
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, content, 0, 0, 0, DateTimeKind.Utc));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([content])), KeptSha256.Of(path));
            Assert.Equal(KeptSha256.Of(path), KeptSha256.Of(path));
        }
    }

    [Fact]
    public void AFileIsNotReadAgainWhileItStays()
    {
        using var folder = new TemporaryFolder();
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Write(1);
        string digits = KeptSha256.Of(folder.File("a.bin"));
        Write(2);   // the same size and time, which no program leaves
        Assert.Equal(digits, KeptSha256.Of(folder.File("a.bin")));

        void Write(byte content)
        {
            File.WriteAllBytes(folder.File("a.bin"), [content]);
            File.SetLastWriteTimeUtc(folder.File("a.bin"), written);
        }
    }

    [Fact]
    public void WhatIsNotThereHasNone()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => KeptSha256.Of(folder.File("none.bin")));
    }
}
