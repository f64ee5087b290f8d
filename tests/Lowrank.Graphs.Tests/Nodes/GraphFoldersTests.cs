namespace Lowrank.Graphs.Tests;

public class GraphFoldersTests
{
    [Fact]
    public void ModelFoldersAreThoseUnderDiffusersAndThoseInTheFolderItself()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            foreach (string place in new[] { "diffusers/deep/a", "diffusers/b", "b", "c" })
                File.WriteAllText(Path.Combine(root.CreateSubdirectory(place).FullName, "model_index.json"), "{}");
            root.CreateSubdirectory("loras");
            var folders = new GraphFolders { Models = root.FullName };

            Assert.Equal(["b", "deep/a", "c"], folders.ModelFolders);
            Assert.Equal(Path.Combine(root.FullName, "diffusers", "b"), folders.ModelFolder("b"));
            Assert.Equal(Path.Combine(root.FullName, "c"), folders.ModelFolder("c"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
